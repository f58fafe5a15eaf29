using System;
using System.IO;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Plays a recorded frame file as if a sidecar were there.</summary>
    /// <remarks>Make one with <c>sentio export FOLDER --to frames</c> or with <see cref="SentioRecorder"/>. A browser or
    /// an Android package has no files of its own: rename the file to <c>.bytes</c> and give it as
    /// <see cref="Recording"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Player")]
    [DefaultExecutionOrder(-100)]
    public sealed class SentioPlayer : SentioFeed
    {
        [SerializeField, Tooltip("A frame file inside the game, named .bytes; goes before the path.")]
        private TextAsset recording;

        [SerializeField, Tooltip("Path of a .frames file; what is no whole path is looked for in StreamingAssets.")]
        private string path = "";

        [SerializeField, Tooltip("Plays as soon as it is enabled.")]
        private bool autoplay = true;

        [SerializeField, Tooltip("Begins again at the end.")]
        private bool loop;

        [SerializeField, Range(0.1f, 20f), Tooltip("Recorded seconds a second.")]
        private float speed = 1f;

        [SerializeField, Tooltip("The last record was played; also before a loop begins again.")]
        private UnityEvent onFinished = new UnityEvent();

        private FrameFile _file;
        private FramePlayer _player;
        private double _age = double.PositiveInfinity;

        /// <summary>The last record was played; raised before a loop begins again.</summary>
        public event Action Finished;

        /// <summary>A frame file inside the game, named .bytes; goes before <see cref="Path"/>.</summary>
        public TextAsset Recording { get { return recording; } set { recording = value; Close(); } }

        /// <summary>Path of a .frames file; what is no whole path is looked for in StreamingAssets.</summary>
        public string Path { get { return path; } set { path = value ?? ""; Close(); } }

        /// <summary>Whether it plays as soon as it is enabled.</summary>
        public bool Autoplay { get { return autoplay; } set { autoplay = value; } }

        /// <summary>Whether it begins again at the end.</summary>
        public bool Loop { get { return loop; } set { loop = value; } }

        /// <summary>Recorded seconds a second, 0.1..20.</summary>
        public float Speed { get { return speed; } set { speed = value; } }

        /// <summary>The inspector's event of the end.</summary>
        public UnityEvent OnFinished { get { return onFinished; } }

        /// <summary>Whether a file is open and moves.</summary>
        public bool IsPlaying { get { return _player != null && _player.Playing; } }

        /// <summary>Seconds into the file.</summary>
        public double Position { get { return _player == null ? 0 : _player.Position; } }

        /// <summary>The file's length in seconds.</summary>
        public double Duration { get { return _file == null ? 0 : _file.Duration; } }

        /// <inheritdoc/>
        public override double Age { get { return _age; } }

        private string Title { get { return recording ? recording.name : System.IO.Path.GetFileName(path); } }

        /// <summary>Plays from where it is; from the start where it had ended. False where no file can be opened;
        /// <see cref="SentioFeed.LinkReason"/> says why.</summary>
        public bool Play()
        {
            if (_player == null && !Open()) return false;
            if (_player.Position >= _file.Duration) Seek(0);
            _player.Playing = true;
            Tell(LinkState.Live, "playing " + Title);
            return true;
        }

        /// <summary>Holds still.</summary>
        public void Pause()
        {
            if (_player == null) return;
            _player.Playing = false;
            Tell(LinkState.Silent, "paused: " + Title);
        }

        /// <summary>Goes to a time of the file, seconds, and shows what was known there; events in between are not
        /// told.</summary>
        public void Seek(float seconds)
        {
            if (_player != null || Open()) _player.Seek(seconds);
        }

        /// <summary>Lets time go by; <c>Update</c> calls it.</summary>
        public void Advance(float seconds)
        {
            if (_player == null) return;
            _player.Subject = Subject;
            _player.Speed = speed;
            _player.Loop = loop;
            if (_player.Playing) _age += seconds;
            _player.Step(seconds);
        }

        private void OnEnable() { if (autoplay && (recording || path.Length > 0)) Play(); }

        private void OnDisable() { Close(); }

        private void Update() { Advance(Time.deltaTime); }

        private void Close()
        {
            if (_player == null) return;
            _player = null;
            _file = null;
            _age = double.PositiveInfinity;
            Forget();
            Tell(LinkState.Off, "stopped");
        }

        private bool Open()
        {
            try
            {
                _file = FrameFile.Parse(recording ? recording.bytes : File.ReadAllBytes(Whole()));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is ArgumentException || error is NotSupportedException || error is FormatException)
            {
                Tell(LinkState.Refused, "cannot play " + Title + ": " + error.Message);
                return false;
            }
            if (_file.Records.Count == 0)
            {
                Tell(LinkState.Refused, Title + " holds nothing" + (_file.Problem.Length > 0 ? ": " + _file.Problem : ""));
                return false;
            }
            if (_file.Problem.Length > 0)
                Debug.LogWarning("Sentio: " + Title + ", " + _file.Problem + "; what came before is played", this);
            _player = new FramePlayer(_file) { Playing = false, Subject = Subject };
            _player.Frame += TakeFrame;
            _player.Event += Show;
            _player.Detail += ShowDetail;
            _player.Finished += TakeEnd;
            return true;
        }

        private string Whole()
        {
            return System.IO.Path.IsPathRooted(path) ? path : System.IO.Path.Combine(Application.streamingAssetsPath, path);
        }

        private void TakeFrame(AffectFrame frame)
        {
            _age = 0;
            Show(frame);
        }

        private void TakeEnd()
        {
            if (_player == null) return;
            if (!loop) Tell(LinkState.Silent, "the recording has ended");
            if (Finished != null) Finished();
            onFinished.Invoke();
        }
    }
}
