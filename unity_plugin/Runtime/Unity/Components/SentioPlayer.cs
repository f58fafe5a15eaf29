using System;
using System.IO;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Plays a recorded frame file as a feed.</summary>
    /// <remarks>Make one with <c>sentio export FOLDER --to frames</c> or with <see cref="SentioRecorder"/>. Browsers
    /// and Android packages have no files: rename the file to <c>.bytes</c> and set it as
    /// <see cref="Recording"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Player")]
    [DefaultExecutionOrder(-100)]
    public sealed class SentioPlayer : SentioFeed
    {
        [SerializeField, Tooltip("A frame file inside the game, named .bytes; takes precedence over the path.")]
        private TextAsset recording;

        [SerializeField, Tooltip("Path of a .frames file; relative paths are in StreamingAssets.")]
        private string path = "";

        [SerializeField, Tooltip("Plays as soon as it is enabled.")]
        private bool autoplay = true;

        [SerializeField, Tooltip("Restarts at the end.")]
        private bool loop;

        [SerializeField, Range(0.1f, 20f), Tooltip("Playback speed.")]
        private float speed = 1f;

        [SerializeField, Tooltip("The last record was played; also before a loop restarts.")]
        private UnityEvent onFinished = new UnityEvent();

        private FrameFile _file;
        private FramePlayer _player;
        private double _age = double.PositiveInfinity;

        /// <summary>The last record was played; raised before a loop restarts.</summary>
        public event Action Finished;

        /// <summary>A frame file inside the game, named .bytes; takes precedence over <see cref="Path"/>.</summary>
        public TextAsset Recording { get { return recording; } set { recording = value; Close(); } }

        /// <summary>Path of a .frames file; relative paths are in StreamingAssets.</summary>
        public string Path { get { return path; } set { path = value ?? ""; Close(); } }

        /// <summary>Whether it plays as soon as it is enabled.</summary>
        public bool Autoplay { get { return autoplay; } set { autoplay = value; } }

        /// <summary>Whether it restarts at the end.</summary>
        public bool Loop { get { return loop; } set { loop = value; } }

        /// <summary>Playback speed, 0.1..20.</summary>
        public float Speed { get { return speed; } set { speed = value; } }

        /// <summary>The inspector's event of the end.</summary>
        public UnityEvent OnFinished { get { return onFinished; } }

        /// <summary>Whether a file is playing.</summary>
        public bool IsPlaying { get { return _player != null && _player.Playing; } }

        /// <summary>Position in seconds.</summary>
        public double Position { get { return _player == null ? 0 : _player.Position; } }

        /// <summary>Length of the file in seconds.</summary>
        public double Duration { get { return _file == null ? 0 : _file.Duration; } }

        /// <inheritdoc/>
        public override double Age { get { return _age; } }

        private string Title { get { return recording ? recording.name : System.IO.Path.GetFileName(path); } }

        /// <summary>Plays from the current position, or from the start after the end. False if no file can be
        /// opened; <see cref="SentioFeed.LinkReason"/> gives the reason.</summary>
        public bool Play()
        {
            if (_player == null && !Open()) return false;
            if (_player.Position >= _file.Duration) Seek(0);
            _player.Playing = true;
            ChangeLink(LinkState.Live, "playing " + Title);
            return true;
        }

        /// <summary>Pauses.</summary>
        public void Pause()
        {
            if (_player == null) return;
            _player.Playing = false;
            ChangeLink(LinkState.Silent, "paused: " + Title);
        }

        /// <summary>Seeks to a time in seconds and raises the state there; skipped events are not raised.</summary>
        public void Seek(float seconds)
        {
            if (_player != null || Open()) _player.Seek(seconds);
        }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
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

        private void Update() { Advance(Time.unscaledDeltaTime); }

        private void Close()
        {
            if (_player == null) return;
            _player.Playing = false;
            _player = null;
            _file = null;
            _age = double.PositiveInfinity;
            Forget();
            ChangeLink(LinkState.Off, "stopped");
        }

        private bool Open()
        {
            try
            {
                _file = FrameFile.Parse(recording ? recording.bytes : File.ReadAllBytes(FullPath()));
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException
                || error is ArgumentException || error is NotSupportedException || error is FormatException)
            {
                ChangeLink(LinkState.Refused, "cannot play " + Title + ": " + error.Message);
                return false;
            }
            if (_file.Records.Count == 0)
            {
                ChangeLink(LinkState.Refused, Title + " is empty" + (_file.Problem.Length > 0 ? ": " + _file.Problem : ""));
                return false;
            }
            if (_file.Problem.Length > 0)
                Debug.LogWarning("Sentio: " + Title + ", " + _file.Problem + "; only the records before it are played", this);
            _player = new FramePlayer(_file) { Playing = false, Subject = Subject };
            _player.Frame += TakeFrame;
            _player.Event += Show;
            _player.Detail += ShowDetail;
            _player.Finished += TakeEnd;
            return true;
        }

        private string FullPath()
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
            if (!loop) ChangeLink(LinkState.Silent, "the recording has ended");
            if (Finished != null) Finished();
            onFinished.Invoke();
        }
    }
}
