using System;
using System.Collections.Generic;
using System.Globalization;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Guides a person through a baseline: a quiet time in which the sidecar learns their resting
    /// values.</summary>
    /// <remarks>Shows instructions, progress and, if the sidecar refuses the result, the reasons. It can be stopped,
    /// repeated or skipped. The panel is drawn with Unity's immediate mode; see
    /// <see cref="SentioConsent"/>. Draw your own from <see cref="Headline"/>,
    /// <see cref="Text"/> and <see cref="Progress"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Calibration")]
    public sealed class SentioCalibration : SentioScreen
    {
        private const double RequestEvery = 0.5;

        [SerializeField, Tooltip("The client of the sidecar that measures; empty uses a parent's client, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Range(20f, 120f), Tooltip("Length of the baseline in seconds; half a minute is enough.")]
        private float seconds = 30f;

        [SerializeField, Tooltip("Name of the profile; empty for the subject's.")]
        private string profile = "";

        [SerializeField, Tooltip("The panel is open from the start.")]
        private bool openOnStart;

        [SerializeField, Tooltip("The baseline was accepted; the text is the profile's name.")]
        private TextEvent onDone = new TextEvent();

        [SerializeField, Tooltip("It was refused or could not start; the text gives the reason.")]
        private TextEvent onRefused = new TextEvent();

        [SerializeField, Tooltip("The person closed the panel.")]
        private UnityEvent onClosed = new UnityEvent();

        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private CalibrationPanel _panel;
        private SentioClient _found;
        private double _since;
        private bool _starting, _requesting;

        /// <summary>The baseline was accepted; the name of the profile.</summary>
        public event Action<string> Done;

        /// <summary>It was refused or could not start: sentences for the person.</summary>
        public event Action<string[]> Refused;

        /// <summary>The person closed the panel.</summary>
        public event Action Closed;

        /// <summary>The client of the sidecar that measures; null uses a parent's client, or any in the
        /// scenes.</summary>
        public SentioClient Client { get { return client ? client : _found; } set { client = value; } }

        /// <summary>Length of the baseline in seconds, 20..120.</summary>
        public float Seconds { get { return seconds; } set { seconds = value; } }

        /// <summary>Name of the profile; empty for the subject's.</summary>
        public string Profile { get { return profile; } set { profile = value ?? ""; } }

        /// <summary>The inspector's event of an accepted baseline.</summary>
        public TextEvent OnDone { get { return onDone; } }

        /// <summary>The inspector's event of a refused baseline.</summary>
        public TextEvent OnRefused { get { return onRefused; } }

        /// <summary>The inspector's event of the end.</summary>
        public UnityEvent OnClosed { get { return onClosed; } }

        /// <summary>Whether a baseline is being measured.</summary>
        public bool Running { get; private set; }

        /// <summary>Progress, 0..1.</summary>
        public float Progress { get; private set; }

        /// <summary>The headline.</summary>
        public string Headline { get; private set; } = "A quiet moment";

        /// <summary>The text below the headline.</summary>
        public string Text { get; private set; } = "";

        /// <summary>Text of the start button.</summary>
        public string BeginWords { get; private set; } = "Begin";

        /// <summary>Text of the close button.</summary>
        public string LeaveWords { get; private set; } = "Skip";

        /// <summary>Opens the panel.</summary>
        public void Open()
        {
            Appear();
            if (!Running) Invite();
        }

        /// <summary>Stops a running baseline and closes the panel.</summary>
        public void Close()
        {
            Stop();
            Vanish();
            if (Closed != null) Closed();
            onClosed.Invoke();
        }

        /// <summary>Starts or restarts.</summary>
        public void Begin()
        {
            SentioClient connected = Client;
            if (Running || _starting) return;
            if (!connected)
            {
                Refuse(new[] { "No client is chosen." });
                return;
            }
            _starting = true;
            connected.CalibrateStart("rest", seconds, profile).Then(TakeStart);
        }

        /// <summary>Stops and discards the baseline.</summary>
        public void Stop()
        {
            SentioClient connected = Client;
            // A start without a reply yet is stopped too: requests are processed in order.
            if (!(Running || _starting) || !connected) return;
            connected.CalibrateStop().Then(reply => RequestState());
        }

        private void Awake() { Invite(); }

        private CalibrationPanel Panel { get { return _panel ?? (_panel = new CalibrationPanel(Focus)); } }

        internal override string FirstControl { get { return CalibrationPanel.First; } }

        private void Start() { if (openOnStart) Open(); }

        /// <inheritdoc/>
        protected override void OnDisable()
        {
            base.OnDisable();
            Stop();
            Running = _starting = _requesting = false;
        }

        private void Update()
        {
            if (!client) _found = _finder.Of(null, this, Time.unscaledDeltaTime);
            Follow();
            if (!Running) return;
            _since += Time.unscaledDeltaTime;
            if (_since > RequestEvery && !_requesting) RequestState();
        }

        private void OnGUI() { if (IsDrawn) Panel.Draw(this); }

        private void TakeStart(SentioReply reply)
        {
            if (!_starting) return; // disabled and stopped meanwhile
            _starting = false;
            if (!reply.Ok)
            {
                Refuse(new[] { reply.Error.ToString() });
                return;
            }
            Running = true;
            Progress = 0;
            BeginWords = "Stop";
            Headline = "Just sit";
            Text = "Look at the screen. Let your breath come and go.";
        }

        private void RequestState()
        {
            SentioClient connected = Client;
            _since = 0;
            if (!connected) return;
            _requesting = true;
            connected.CalibrateStatus().Then(Take);
        }

        private void Take(SentioReply reply)
        {
            _requesting = false;
            if (!Running) return;
            if (!reply.Ok)
            {
                Refuse(new[] { "The sidecar does not reply: " + reply.Error });
                return;
            }
            Dictionary<string, object> about = Maps.Child(reply.Body, "calibration");
            Progress = (float)Maps.Number(about, "progress", 0);
            string state = Maps.Text(about, "state");
            if (state == "done") Accept(about);
            else if (state == "refused" || state == "none") Refuse(CalibrationWords.Sentences(Maps.List(about, "reasons")));
        }

        private void Accept(Dictionary<string, object> about)
        {
            string[] leftOut = CalibrationWords.Sentences(Maps.List(about, "reasons"));
            End("Once more", "Continue");
            Progress = 1;
            Headline = "Thank you";
            Text = "That was all: from now on you are compared with yourself.";
            if (leftOut.Length > 0) Text += "\n\nNot used this time: " + string.Join(" ", leftOut);
            string name = Maps.Text(about, "profile");
            if (Done != null) Done(name);
            onDone.Invoke(name);
        }

        private void Refuse(string[] reasons)
        {
            End("Try again", "Skip");
            Headline = "Not this time";
            Text = reasons.Length > 0 ? string.Join(" ", reasons) : "It was not usable.";
            if (Refused != null) Refused(reasons);
            onRefused.Invoke(Text);
        }

        private void End(string begin, string leave)
        {
            Running = false;
            BeginWords = begin;
            LeaveWords = leave;
        }

        private void Invite()
        {
            Headline = "A quiet moment";
            Text = string.Format(CultureInfo.InvariantCulture, "For {0:0} seconds, sit comfortably and do nothing much. The game"
                + " learns what is usual for you, so that it compares you only with yourself.", seconds);
        }
    }
}
