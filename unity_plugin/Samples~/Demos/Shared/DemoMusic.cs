using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Music generated in real time: <see cref="Score"/> picks the notes, <see cref="Tones"/> makes
    /// them.</summary>
    public sealed class DemoMusic : MonoBehaviour
    {
        private const float Volume = 0.55f;
        private const float Swell = 0.22f;
        private const float SwellSeconds = 0.3f;

        private readonly Score _score = new Score();
        private readonly List<Note> _notes = new List<Note>();
        private readonly Dictionary<int, AudioClip> _clips = new Dictionary<int, AudioClip>();
        private AudioSource _out;
        private float _due;
        private int _step;

        /// <summary>Part of the player's breath since its end of breathing in, 0..1; NaN if unknown. The music swells
        /// with it.</summary>
        public float Breath { get; set; } = float.NaN;

        /// <summary>Number of notes started so far.</summary>
        public int Begun { get; private set; }

        /// <summary>Advances by some seconds; intensity 0..1 fills the music, valence -1..1 selects its mode.</summary>
        public void Advance(float seconds, float intensity, float valence)
        {
            float loud = float.IsNaN(Breath) ? 1 : 1 - Swell * (0.5f - 0.5f * Mathf.Cos(2 * Mathf.PI * Breath));
            _out.volume = Mathf.Lerp(_out.volume, loud, 1 - Mathf.Exp(-seconds / SwellSeconds));
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
            _out.volume = 1;
        }

        private void OnDestroy() { foreach (AudioClip clip in _clips.Values) Destroy(clip); }
    }
}
