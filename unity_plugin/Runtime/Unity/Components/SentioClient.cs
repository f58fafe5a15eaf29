using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Subscribes to a sidecar and sends requests.</summary>
    /// <remarks>Add one to a scene, start the sidecar with <c>sentio run --demo</c>, and subscribe to
    /// <see cref="SentioFeed.Frame"/>. Connects and reconnects automatically; <see cref="SentioFeed.LinkReason"/> gives
    /// the link's state and what to do in one line. Does not block the game. The connection lives from OnEnable to
    /// OnDisable, with and without domain reload.</remarks>
    [AddComponentMenu("Sentio/Sentio Client")]
    [DefaultExecutionOrder(-100)]
    [DisallowMultipleComponent]
    public sealed class SentioClient : SentioFeed
    {
        [SerializeField, Tooltip("Address of the sidecar; empty for its defaults.")]
        private SentioConnection connection;

        [SerializeField, Tooltip("Connect as soon as the component is enabled.")]
        private bool autostart = true;

        [SerializeField, Tooltip("Keep it when another scene is loaded; a second one destroys itself.")]
        private bool keepAcrossScenes;

        /// <summary>Seconds between two warnings of missed events.</summary>
        private const double WarnEvery = 10.0;

        private static SentioClient _kept;
        private Client _client;
        private Action<byte[], int, int> _messageObserver;
        private bool _ran;
        private bool _wasPaused;
        private double _warned = double.NegativeInfinity;

        /// <summary>The sidecar replied to hello (PROTOCOL.md, section 6).</summary>
        public event Action<Dictionary<string, object>> HelloReceived;

        /// <summary>As many events were sent but not received: the connection was cut, or they came faster than frames
        /// could take them. It is known when the next event arrives.</summary>
        public event Action<int> EventsMissed;

        /// <summary>The former name of <see cref="HelloReceived"/>; to be removed in the next version.</summary>
        [Obsolete("use HelloReceived")]
        public event Action<Dictionary<string, object>> Greeted { add { HelloReceived += value; } remove { HelloReceived -= value; } }

        /// <summary>Address of the sidecar.</summary>
        public SentioConnection Connection { get { return connection; } set { connection = value; } }

        /// <summary>Whether to connect as soon as the component is enabled.</summary>
        public bool Autostart { get { return autostart; } set { autostart = value; } }

        /// <summary>Whether it is kept when another scene is loaded. Set before it is enabled.</summary>
        public bool KeepAcrossScenes { get { return keepAcrossScenes; } set { keepAcrossScenes = value; } }

        /// <summary>The consent, sensor to granted purposes; null before the first reply.</summary>
        public Dictionary<string, object> Consent { get; private set; }

        /// <summary>The sidecar's reply to hello; null before it.</summary>
        public Dictionary<string, object> Hello { get { return _client == null ? null : _client.Hello; } }

        /// <summary>Whether it is connecting or connected.</summary>
        public bool IsRunning { get { return _client != null; } }

        /// <inheritdoc/>
        public override double Age { get { return _client == null ? double.PositiveInfinity : _client.Age; } }

        /// <summary>Seconds from the capture of the newest sample to now; NaN if unknown.</summary>
        public double Latency { get { return _client == null ? double.NaN : _client.Latency; } }

        /// <summary>The sidecar's time now; NaN if unknown.</summary>
        public double SidecarTime { get { return _client == null ? double.NaN : _client.SidecarTime; } }

        /// <summary>Number of reconnections.</summary>
        public int Reconnects { get { return _client == null ? 0 : _client.Reconnects; } }

        /// <summary>Counts of dropped and missed messages.</summary>
        public ClientCounters Counters { get { return _client == null ? default(ClientCounters) : _client.Counters; } }

        /// <summary>The link and what a busy or hostile sidecar has cost, in one line.</summary>
        public string Status
        {
            get
            {
                if (_client == null) return LinkReason;
                ClientCounters lost = Counters;
                return LinkReason + "; " + lost.Superseded + " states replaced, " + lost.MissedEvents + " events missed, "
                    + lost.FullFrames + " frames at their budget";
            }
        }

        /// <summary>The token of a sidecar that a <see cref="SentioLauncher"/> of this client has started.</summary>
        internal readonly LaunchToken Launched = new LaunchToken();

        /// <summary>If set, called with every published message, on the background thread; used by the
        /// recorder.</summary>
        internal Action<byte[], int, int> MessageObserver
        {
            get { return _messageObserver; }
            set
            {
                _messageObserver = value;
                if (_client != null) _client.MessageObserver = value;
            }
        }

        /// <summary>Connects, and stays connected until <see cref="Stop"/>.</summary>
        public void Begin()
        {
            if (_client != null) return;
#if UNITY_WEBGL && !UNITY_EDITOR
            ChangeLink(LinkState.Refused, "browsers have no TCP sockets: use SentioPlayer or SentioSimulator there");
#else
            ClientOptions options = connection ? connection.Options(Subject) : new ClientOptions { Subject = Subject };
            options.Launched = Launched;
            _ran = false;
            _client = new Client(options) { MessageObserver = _messageObserver };
            _client.Frame += Show;
            _client.Event += Take;
            _client.Detail += ShowDetail;
            _client.LinkStateChanged += ChangeLink;
            _client.HelloReceived += TakeHello;
            _client.EventsMissed += TakeMissed;
#endif
        }

        /// <summary>Disconnects within 0.1 s. Pending requests fail with the code closed.</summary>
        public void Stop()
        {
            Client client = _client;
            _client = null;
            if (client != null) client.Dispose();
            ChangeLink(LinkState.Off, "stopped");
        }

        /// <summary>Sends any request of PROTOCOL.md, section 6.</summary>
        public SentioReply Request(string op, Dictionary<string, object> arguments)
        {
            if (_client != null) return _client.Request(op, arguments);
            return SentioReply.Refused(op, new SentioError("closed", "the client is stopped", "call Begin()"));
        }

        /// <summary>Sends a marker; it returns as an event and is kept in recordings. False if the sidecar is not
        /// connected: a late marker would have a wrong time. The data takes what JSON can hold, and vectors and colours as
        /// lists; with anything else it warns and returns false.</summary>
        public override bool Mark(string name, Dictionary<string, object> data)
        {
            Dictionary<string, object> plain = MarkerData.Of(name, data);
            if (plain == null || Link != LinkState.Live && Link != LinkState.Silent) return false;
            return !Request("marker", Dated(With("name", name, "data", plain))).Done;
        }

        /// <inheritdoc/>
        protected override bool SendsAdaptations { get { return Link == LinkState.Live || Link == LinkState.Silent; } }

        /// <inheritdoc/>
        protected override bool SendAdaptation(SentioAdaptation adaptation)
        {
            return SendsAdaptations && !Request("adaptation", Dated(adaptation.Arguments())).Done;
        }

        /// <summary>Sends a line of text that the person wrote.</summary>
        public SentioReply SendText(string line) { return Request("text", With("line", line)); }

        /// <summary>Stores the true state for training and evaluation; the fused state does not change: valence,
        /// arousal, dominance (-1..1), stress, engagement, relaxation or focus (0..1).</summary>
        public SentioReply Label(AffectEntry entry, double value) { return Request("label", With("name", AffectNames.Of(entry), "value", value)); }

        /// <summary>Sends the person's own report, which is fused as evidence; entries as of <see cref="Label"/>.</summary>
        public SentioReply SelfReport(AffectEntry entry, double value) { return Request("self_report", With("name", AffectNames.Of(entry), "value", value)); }

        /// <summary>Sends samples of a sensor that the game reads: one number for each channel, NaN where it is unknown,
        /// or several rows. The role is face, ppg, ecg, heart_rate, eda, resp, temp, accel, eeg, input or motion.
        /// <see cref="SentioSensors"/> calls it.
        /// <paramref name="time"/> is the time of the last row, by <see cref="SidecarTime"/>; NaN for now.</summary>
        public SentioReply Input(
            string stream, string role, string[] channels, float[] values, double rateHz = 0, double time = double.NaN)
        {
            Dictionary<string, object> arguments =
                With("stream", stream, "role", role, "channels", channels, "values", Known(values), "rate_hz", rateHz);
            if (!double.IsNaN(time)) arguments["time"] = time;
            return Request("input", arguments);
        }

        /// <summary>Grants, for the person, the use of a sensor. Ask the person first, as <see cref="SentioConsent"/>
        /// does.</summary>
        public SentioReply Grant(string sensor, params string[] purposes)
        {
            return Grant(sensor, purposes, null);
        }

        /// <summary>Grants, for the person, the use of a sensor, with facts for the receipt.</summary>
        /// <param name="sensor">The sensor.</param>
        /// <param name="purposes">Exactly these purposes; none means adapt.</param>
        /// <param name="about">text that the person saw, text_name, text_version, language, by, days until it ends,
        /// guardian for a child. The reply has receipts.</param>
        public SentioReply Grant(string sensor, string[] purposes, Dictionary<string, object> about)
        {
            string[] wanted = purposes != null && purposes.Length > 0 ? purposes : new[] { "adapt" };
            Dictionary<string, object> arguments = With("action", "grant", "sensor", sensor, "purposes", wanted, "how", "unity");
            if (about != null) foreach (KeyValuePair<string, object> one in about) arguments[one.Key] = one.Value;
            return AskConsent(arguments);
        }

        /// <summary>Withdraws the consent for a sensor: it is closed and its buffers are cleared.</summary>
        public SentioReply Withdraw(string sensor) { return AskConsent(With("action", "withdraw", "sensor", sensor)); }

        /// <summary>Withdraws all consent for all sensors at once, as <see cref="SentioWithdrawKey"/> does.</summary>
        public SentioReply WithdrawAll() { return AskConsent(With("action", "withdraw", "how", "unity")); }

        /// <summary>Requests the consent; also in <see cref="Consent"/>.</summary>
        public SentioReply ConsentStatus() { return AskConsent(With("action", "status")); }

        /// <summary>Starts a recording; if one runs, it continues.</summary>
        /// <param name="folder">Name of a new folder in the sidecar's recordings folder, not a path; empty for one
        /// named by time.</param>
        /// <param name="raw">Sensors whose raw samples are recorded.</param>
        public SentioReply RecordStart(string folder, params string[] raw)
        {
            Dictionary<string, object> arguments = With("action", "start", "raw", raw);
            if (!string.IsNullOrEmpty(folder)) arguments["folder"] = folder;
            return Request("record", arguments);
        }

        /// <summary>Stops the recording.</summary>
        public SentioReply RecordStop() { return Request("record", With("action", "stop")); }

        /// <summary>Starts a baseline of 20 to 120 seconds: rest or active. An empty <paramref name="profile"/> is the
        /// person's own.</summary>
        public SentioReply CalibrateStart(string kind, double seconds, string profile = "")
        {
            Dictionary<string, object> arguments = With("action", "start", "kind", kind, "seconds", seconds);
            if (!string.IsNullOrEmpty(profile)) arguments["profile"] = profile;
            return Request("calibrate", arguments);
        }

        /// <summary>Stops the baseline early and discards it.</summary>
        public SentioReply CalibrateStop() { return Request("calibrate", With("action", "stop")); }

        /// <summary>Requests the baseline's progress.</summary>
        public SentioReply CalibrateStatus() { return Request("calibrate", With("action", "status")); }

        /// <summary>Freezes all adaptation; <paramref name="by"/> is recorded as the author.</summary>
        public SentioReply Freeze(string reason, string by = "") { return Request("freeze", With("reason", reason, "by", by)); }

        /// <summary>Unfreezes adaptation; <paramref name="by"/> is recorded as the author.</summary>
        public SentioReply Unfreeze(string by = "") { return Request("unfreeze", With("by", by)); }

        /// <summary>Overrides values for some seconds; NaN releases one. <paramref name="by"/> is recorded as the
        /// author.</summary>
        public SentioReply OverrideValues(IDictionary<AffectEntry, double> values, double seconds = 3600, string by = "")
        {
            var given = new Dictionary<string, object>();
            foreach (KeyValuePair<AffectEntry, double> entry in values)
                given[AffectNames.Of(entry.Key)] = double.IsNaN(entry.Value) ? null : (object)entry.Value;
            return Request("override", With("values", given, "seconds", seconds, "by", by));
        }

        /// <summary>The former name of <see cref="OverrideValues"/>; to be removed in the next version.</summary>
        [Obsolete("use OverrideValues")]
        public SentioReply Override(AffectEntry entry, double value, double seconds)
        {
            return OverrideValues(new Dictionary<AffectEntry, double> { { entry, value } }, seconds);
        }

        /// <summary>Requests an expression of an emotion; the reply's response is for
        /// <see cref="SentioExpression"/>.</summary>
        public SentioReply Synthesise(string emotion, double intensity)
        {
            return Request("synthesise", With("emotion", emotion, "intensity", intensity));
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void ClearKept() { _kept = null; }

        private void Awake()
        {
            if (!keepAcrossScenes) return;
            if (_kept && _kept != this)
            {
                enabled = false;
                Destroy(gameObject);
                return;
            }
            _kept = this;
            DontDestroyOnLoad(gameObject);
        }

        private void OnEnable() { if (autostart) Begin(); }

        private void OnDisable() { Stop(); }

        private void OnDestroy() { Stop(); }

        private void Update()
        {
            _ran = true;
            if (_client != null) _client.Drain();
        }

        // Sockets are dead after a headset was suspended. Android also reports a pause at cold start, before
        // the first frame; that one is ignored.
        private void OnApplicationPause(bool paused)
        {
            bool resumed = _wasPaused && !paused && _client != null;
            _wasPaused = paused && _ran;
            if (!resumed) return;
            Stop();
            Begin();
        }

        private void TakeHello(Dictionary<string, object> hello)
        {
            if (HelloReceived != null) HelloReceived(hello);
            if (_client != null) ConsentStatus();
        }

        private void TakeMissed(int count)
        {
            double now = Time.realtimeSinceStartupAsDouble;
            if (now - _warned > WarnEvery)
            {
                _warned = now;
                Debug.LogWarning("Sentio: events missed: " + count + ", reconnections: " + Reconnects, this);
            }
            if (EventsMissed != null) EventsMissed(count);
        }

        private void Take(SentioEvent received)
        {
            if (received.Kind == "consent") ConsentStatus();
            Show(received);
        }

        private SentioReply AskConsent(Dictionary<string, object> arguments)
        {
            SentioReply reply = Request("consent", arguments);
            reply.Settled += TakeConsent;
            return reply;
        }

        private void TakeConsent(SentioReply reply)
        {
            object granted = null;
            if (!reply.Ok || !reply.Body.TryGetValue("consent", out granted) || !(granted is Dictionary<string, object>)) return;
            Consent = (Dictionary<string, object>)granted;
            ShowConsent(Consent);
        }

        // Dates the request now, not when the sidecar receives it.
        private Dictionary<string, object> Dated(Dictionary<string, object> arguments)
        {
            double now = SidecarTime;
            if (!double.IsNaN(now)) arguments["time"] = now;
            return arguments;
        }

        // NaN is null on the wire: unknown.
        private static object Known(float[] values)
        {
            if (!Array.Exists(values, float.IsNaN)) return values;
            return Array.ConvertAll(values, value => float.IsNaN(value) ? null : (object)value);
        }

        private static Dictionary<string, object> With(params object[] pairs)
        {
            var map = new Dictionary<string, object>();
            for (int i = 0; i + 1 < pairs.Length; i += 2) map[(string)pairs[i]] = pairs[i + 1];
            return map;
        }
    }
}
