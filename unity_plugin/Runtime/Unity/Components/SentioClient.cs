using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio
{
    /// <summary>Hears a running sidecar, and asks it to do things.</summary>
    /// <remarks>Add one to a scene, start the sidecar with <c>sentio run --demo</c>, and listen to
    /// <see cref="SentioFeed.Frame"/>. Connects by itself, and again whenever the sidecar comes back;
    /// <see cref="SentioFeed.LinkReason"/> says in one line how it stands and what to do. Nothing here blocks the game,
    /// and nothing outlives it: the connection belongs to OnEnable and OnDisable, with and without domain reload.</remarks>
    [AddComponentMenu("Sentio/Sentio Client")]
    [DefaultExecutionOrder(-100)]
    [DisallowMultipleComponent]
    public sealed class SentioClient : SentioFeed
    {
        [SerializeField, Tooltip("Where the sidecar is; empty means its defaults.")]
        private SentioConnection connection;

        [SerializeField, Tooltip("Connect as soon as the component is enabled.")]
        private bool autostart = true;

        [SerializeField, Tooltip("Stay when another scene is loaded; a second one that stays ends itself.")]
        private bool keepAcrossScenes;

        private static SentioClient _kept;
        private Client _client;
        private Action<byte[], int, int> _messageObserver;
        private bool _ran;
        private bool _wasPaused;

        /// <summary>The sidecar answered: the map of hello (PROTOCOL.md, section 6).</summary>
        public event Action<Dictionary<string, object>> Greeted;

        /// <summary>Where the sidecar is.</summary>
        public SentioConnection Connection { get { return connection; } set { connection = value; } }

        /// <summary>Whether to connect as soon as the component is enabled.</summary>
        public bool Autostart { get { return autostart; } set { autostart = value; } }

        /// <summary>Whether it stays when another scene is loaded. Set before it is enabled.</summary>
        public bool KeepAcrossScenes { get { return keepAcrossScenes; } set { keepAcrossScenes = value; } }

        /// <summary>What is agreed to: sensor to granted purposes; null before the sidecar answered.</summary>
        public Dictionary<string, object> Consent { get; private set; }

        /// <summary>What the sidecar said of itself; null before it answered.</summary>
        public Dictionary<string, object> Hello { get { return _client == null ? null : _client.Hello; } }

        /// <summary>Whether it connects or is connected.</summary>
        public bool IsRunning { get { return _client != null; } }

        /// <inheritdoc/>
        public override double Age { get { return _client == null ? double.PositiveInfinity : _client.Age; } }

        /// <summary>Seconds from the newest sample behind the latest state to now; NaN where it is not known.</summary>
        public double Latency { get { return _client == null ? double.NaN : _client.Latency; } }

        /// <summary>The sidecar's time now; NaN where it is not known.</summary>
        public double SidecarTime { get { return _client == null ? double.NaN : _client.SidecarTime; } }

        /// <summary>How often the connection came back.</summary>
        public int Reconnects { get { return _client == null ? 0 : _client.Reconnects; } }

        /// <summary>What was left out so far.</summary>
        public ClientCounters Counters { get { return _client == null ? default(ClientCounters) : _client.Counters; } }

        /// <summary>Where set, hears every published message on the background thread; the recorder listens here.</summary>
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
            Tell(LinkState.Refused, "a browser has no plain sockets: use SentioPlayer or SentioSimulator there");
#else
            ClientOptions options = connection ? connection.Options(Subject) : new ClientOptions { Subject = Subject };
            _ran = false;
            _client = new Client(options) { MessageObserver = _messageObserver };
            _client.Frame += Show;
            _client.Event += Take;
            _client.Detail += ShowDetail;
            _client.LinkStateChanged += Tell;
            _client.Greeted += TakeHello;
#endif
        }

        /// <summary>Hangs up, within a tenth of a second. Requests without an answer fail with the code closed.</summary>
        public void Stop()
        {
            Client client = _client;
            _client = null;
            if (client != null) client.Dispose();
            Tell(LinkState.Off, "stopped");
        }

        /// <summary>Asks for any operation of PROTOCOL.md, section 6.</summary>
        public SentioReply Request(string op, Dictionary<string, object> arguments)
        {
            if (_client != null) return _client.Request(op, arguments);
            return SentioReply.Refused(op, new SentioError("closed", "the client is stopped", "call Begin()"));
        }

        /// <summary>Tells what happened in the game; comes back as an event and is kept in recordings. False where the
        /// sidecar is not connected: a marker that arrives late would lie about its time.</summary>
        public override bool Mark(string name, Dictionary<string, object> data)
        {
            if (Link != LinkState.Live && Link != LinkState.Silent) return false;
            Dictionary<string, object> arguments = With("name", name);
            if (data != null) arguments["data"] = data;
            return !Request("marker", Dated(arguments)).Done;
        }

        /// <inheritdoc/>
        public override bool ReportAdaptation(string what, double value, string why)
        {
            if (Link != LinkState.Live && Link != LinkState.Silent) return false;
            return !Request("adaptation", Dated(With("what", what, "value", value, "why", why ?? ""))).Done;
        }

        /// <summary>Hands on a line that the person wrote.</summary>
        public SentioReply SendText(string line) { return Request("text", With("line", line)); }

        /// <summary>Tells what the person says that they feel: valence, arousal, dominance (-1..1), stress, engagement,
        /// relaxation or focus (0..1).</summary>
        public SentioReply Label(AffectEntry entry, double value) { return Request("label", With("name", AffectNames.Of(entry), "value", value)); }

        /// <summary>Hands on samples of a sensor that the engine reads: one number for each channel, or several rows.
        /// The role is face, ppg, ecg, heart_rate, eda, resp, temp, accel or eeg. <see cref="SentioSensors"/> does it for you.
        /// <paramref name="time"/> is when the last row was taken, by <see cref="SidecarTime"/>; NaN for now.</summary>
        public SentioReply Input(
            string stream, string role, string[] channels, float[] values, double rateHz = 0, double time = double.NaN)
        {
            Dictionary<string, object> arguments =
                With("stream", stream, "role", role, "channels", channels, "values", values, "rate_hz", rateHz);
            if (!double.IsNaN(time)) arguments["time"] = time;
            return Request("input", arguments);
        }

        /// <summary>Agrees, for the person, that a sensor is read. Ask the person first; <see cref="SentioConsent"/> does.</summary>
        public SentioReply Grant(string sensor, params string[] purposes)
        {
            string[] wanted = purposes.Length > 0 ? purposes : new[] { "adapt" };
            return AskConsent(With("action", "grant", "sensor", sensor, "purposes", wanted));
        }

        /// <summary>Takes back what was agreed to: the sensor is closed and its buffers are emptied.</summary>
        public SentioReply Withdraw(string sensor) { return AskConsent(With("action", "withdraw", "sensor", sensor)); }

        /// <summary>Asks what is agreed to; also in <see cref="Consent"/>.</summary>
        public SentioReply ConsentStatus() { return AskConsent(With("action", "status")); }

        /// <summary>Starts a recording; asked twice it goes on.</summary>
        public SentioReply RecordStart(string folder, params string[] raw)
        {
            Dictionary<string, object> arguments = With("action", "start", "raw", raw);
            if (!string.IsNullOrEmpty(folder)) arguments["folder"] = folder;
            return Request("record", arguments);
        }

        /// <summary>Ends the recording.</summary>
        public SentioReply RecordStop() { return Request("record", With("action", "stop")); }

        /// <summary>Starts a baseline of 30 to 120 seconds: rest or active. An empty <paramref name="profile"/> is the
        /// person's own.</summary>
        public SentioReply CalibrateStart(string kind, double seconds, string profile = "")
        {
            Dictionary<string, object> arguments = With("action", "start", "kind", kind, "seconds", seconds);
            if (!string.IsNullOrEmpty(profile)) arguments["profile"] = profile;
            return Request("calibrate", arguments);
        }

        /// <summary>Ends the baseline before its time; nothing is kept of it.</summary>
        public SentioReply CalibrateStop() { return Request("calibrate", With("action", "stop")); }

        /// <summary>How the baseline goes.</summary>
        public SentioReply CalibrateStatus() { return Request("calibrate", With("action", "status")); }

        /// <summary>Asks all that adapts to hold still.</summary>
        public SentioReply Freeze(string reason) { return Request("freeze", With("reason", reason)); }

        /// <summary>Lets adaptation go on.</summary>
        public SentioReply Unfreeze() { return Request("unfreeze", null); }

        /// <summary>Sets values by hand for some seconds; NaN releases one.</summary>
        public SentioReply OverrideValues(IDictionary<AffectEntry, double> values, double seconds = 3600)
        {
            var given = new Dictionary<string, object>();
            foreach (KeyValuePair<AffectEntry, double> entry in values)
                given[AffectNames.Of(entry.Key)] = double.IsNaN(entry.Value) ? null : (object)entry.Value;
            return Request("override", With("values", given, "seconds", seconds));
        }

        /// <summary>The former name of <see cref="OverrideValues"/>; goes with the next version.</summary>
        [Obsolete("use OverrideValues")]
        public SentioReply Override(AffectEntry entry, double value, double seconds)
        {
            return OverrideValues(new Dictionary<AffectEntry, double> { { entry, value } }, seconds);
        }

        /// <summary>Asks how a character would show an emotion; the reply's response is for <see cref="SentioExpression"/>.</summary>
        public SentioReply Synthesise(string emotion, double intensity)
        {
            return Request("synthesise", With("emotion", emotion, "intensity", intensity));
        }

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Forgotten() { _kept = null; }

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

        // A headset that slept has dead sockets, and does not know. Android also reports a pause at cold start,
        // before the first frame: that one is none.
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
            if (Greeted != null) Greeted(hello);
            if (_client != null) ConsentStatus();
        }

        private void Take(SentioEvent told)
        {
            if (told.Kind == "consent") ConsentStatus();
            Show(told);
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

        // It happened now, not when the sidecar hears of it.
        private Dictionary<string, object> Dated(Dictionary<string, object> arguments)
        {
            double now = SidecarTime;
            if (!double.IsNaN(now)) arguments["time"] = now;
            return arguments;
        }

        private static Dictionary<string, object> With(params object[] pairs)
        {
            var map = new Dictionary<string, object>();
            for (int i = 0; i + 1 < pairs.Length; i += 2) map[(string)pairs[i]] = pairs[i + 1];
            return map;
        }
    }
}
