using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Music generated in real time: <see cref="Score"/> picks the notes, <see cref="Tones"/> makes
    /// them.</summary>
    public sealed class DemoMusic : MonoBehaviour
    {
        private const float Volume = 0.55f;

        private readonly Score _score = new Score();
        private readonly List<Note> _notes = new List<Note>();
        private readonly Dictionary<int, AudioClip> _clips = new Dictionary<int, AudioClip>();
        private AudioSource _out;
        private float _due;
        private int _step;

        /// <summary>Number of notes started so far.</summary>
        public int Begun { get; private set; }

        /// <summary>Advances by some seconds; intensity 0..1 fills the music, valence -1..1 selects its mode.</summary>
        public void Advance(float seconds, float intensity, float valence)
        {
            _due -= seconds;
            if (_due > 0) return;
            _due += 15f / Score.Tempo(intensity);
            _notes.Clear();
            _score.Notes(_step++, intensity, valence, _notes);
            foreach (Note note in _notes) Begin(note);
        }

        private void Begin(Note note)
        {
            int key = 1000 * (int)note.Instrument + note.Pitch;
            AudioClip clip;
            if (!_clips.TryGetValue(key, out clip))
            {
                float[] samples = Tones.Make(note.Instrument, note.Pitch);
                clip = AudioClip.Create(note.Instrument + " " + note.Pitch, samples.Length, 1, Tones.Rate, false);
                clip.SetData(samples, 0);
                _clips[key] = clip;
            }
            _out.PlayOneShot(clip, Volume * note.Gain);
            Begun++;
        }

        private void Awake()
        {
            _out = gameObject.AddComponent<AudioSource>();
            _out.spatialBlend = 0;
        }

        private void OnDestroy() { foreach (AudioClip clip in _clips.Values) Destroy(clip); }
    }
}
