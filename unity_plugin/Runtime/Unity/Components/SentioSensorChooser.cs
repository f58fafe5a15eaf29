using System;
using System.Collections.Generic;
using System.IO;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Screen in which the player chooses the camera, microphone and other sensors of this computer.</summary>
    /// <remarks>Lists what the sidecar finds and opens nothing. The choice is kept in a file for the next start; the
    /// launcher is given that file. The strength of a signal appears only after that sensor's consent
    /// (<see cref="SentioConsent"/>); it is the quality of the estimate, so no picture and no sound leave the sidecar.
    /// The panel is drawn with Unity's immediate mode; for a headset build your own from <see cref="Devices"/>,
    /// <see cref="Choose"/>, <see cref="Level"/> and <see cref="SensorWords"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Sensor Chooser")]
    [DefaultExecutionOrder(-120)]
    public sealed class SentioSensorChooser : SentioScreen
    {
        /// <summary>A level above this is called a good signal.</summary>
        internal const float GoodSignal = 0.3f;

        /// <summary>Seconds that the sidecar looks for devices.</summary>
        private const double SearchSeconds = 2.0;

        /// <summary>Time limit of its reply: the first use of a device's software takes several seconds.</summary>
        private const double ReplyWithin = 15.0;

        [SerializeField, Tooltip("The client of the sidecar whose computer has the sensors; empty uses a parent's client, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Tooltip("The launcher that restarts the sidecar with the choice.")]
        private SentioLauncher launcher;

        [SerializeField, Tooltip("The file that keeps the choice; empty for sentio/sensors.toml in the persistent data path.")]
        private string file = "";

        [SerializeField, Tooltip("Source types that this game can use.")]
        private string[] types = { "camera", "microphone", "ble_heart", "brainflow", "lsl" };

        [SerializeField, Tooltip("The heading.")]
        private string title = "Choose your sensors";

        [SerializeField, TextArea(2, 5), Tooltip("The introduction.")]
        private string introduction = "Everything is optional. Nothing is read before you allow it.";

        [SerializeField, Tooltip("The panel is open from the start.")]
        private bool openOnStart;

        [SerializeField, Tooltip("The person is done with the panel.")]
        private UnityEvent onClosed = new UnityEvent();

        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private SensorPanel _panel;
        private readonly Dictionary<string, SensorDevice> _chosen = new Dictionary<string, SensorDevice>();
        private readonly List<SensorDevice> _found = new List<SensorDevice>();
        private SentioClient _near;
        private Client _searching;
        private bool _edited;

        /// <summary>The person is done with the panel.</summary>
        public event Action Closed;

        /// <summary>The choice was kept.</summary>
        public event Action Changed;

        /// <summary>The client of the sidecar whose computer has the sensors.</summary>
        public SentioClient Client { get { return client ? client : _near; } set { client = value; } }

        /// <summary>The launcher that restarts the sidecar with the choice.</summary>
        public SentioLauncher Launcher { get { return launcher; } set { launcher = value; } }

        /// <summary>The file that keeps the choice.</summary>
        public string FilePath
        {
            get { return file.Length > 0 ? file : Path.Combine(Application.persistentDataPath, "sentio", "sensors.toml"); }
            set { file = value ?? ""; }
        }

        /// <summary>Source types that this game can use.</summary>
        public string[] Types { get { return types; } set { types = value ?? new string[0]; } }

        /// <summary>The heading.</summary>
        public string Title { get { return title; } set { title = value; } }

        /// <summary>The introduction.</summary>
        public string Introduction { get { return introduction; } set { introduction = value; } }

        /// <summary>The inspector's event of the end.</summary>
        public UnityEvent OnClosed { get { return onClosed; } }

        /// <summary>Whether devices are being looked for.</summary>
        public bool IsSearching { get { return _searching != null; } }

        /// <summary>The last error, in one line; empty if there was none.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Opens the panel and looks for devices.</summary>
        public void Open()
        {
            Appear();
            Search();
        }

        /// <summary>Closes the panel: the person is done.</summary>
        public void Close()
        {
            if (!IsOpen) return;
            Vanish();
            StopSearching();
            if (Closed != null) Closed();
            onClosed.Invoke();
        }

        /// <summary>Looks for devices again.</summary>
        public void Search()
        {
            if (IsSearching) return;
            Problem = "";
            ClientOptions options = Client && Client.Connection ? Client.Connection.Options("") : new ClientOptions();
            options.RequestTimeout = ReplyWithin;
            _searching = new Client(options);
            var wanted = new List<object>(types);
            var arguments = new Dictionary<string, object> { { "types", wanted }, { "seconds", SearchSeconds } };
            _searching.Request("devices", arguments).Then(Take);
        }

        /// <summary>The devices of a source type, also unusable ones and a chosen one that is not connected.</summary>
        public IList<SensorDevice> Devices(string type)
        {
            var all = new List<SensorDevice>();
            SensorDevice chosen = Chosen(type);
            bool listed = chosen == null;
            foreach (SensorDevice device in _found)
            {
                if (device.Type != type) continue;
                all.Add(device);
                listed |= device.IsSame(chosen);
            }
            if (!listed) all.Add(chosen);
            return all;
        }

        /// <summary>The chosen device of a source type; null for none.</summary>
        public SensorDevice Chosen(string type)
        {
            SensorDevice device;
            return _chosen.TryGetValue(type, out device) ? device : null;
        }

        /// <summary>Chooses a device of a source type; null for none. <see cref="Store"/> keeps the choice.</summary>
        public void Choose(string type, SensorDevice device)
        {
            _edited = true;
            if (device == null) _chosen.Remove(type);
            else _chosen[type] = device;
        }

        /// <summary>Keeps the choice for this start and the next; a sidecar that the launcher started is restarted. Returns
        /// whether it was kept.</summary>
        public bool Store()
        {
            try
            {
                SensorFile.Write(FilePath, _chosen.Values);
            }
            catch (Exception error) when (error is IOException || error is UnauthorizedAccessException || error is ArgumentException)
            {
                Problem = "The choice could not be kept: " + error.Message;
                return false;
            }
            if (_edited && launcher)
            {
                _edited = false;
                launcher.Config = FilePath;
                launcher.Restart();
            }
            if (Changed != null) Changed();
            return true;
        }

        /// <summary>Strength of the signal of a source type, 0..1; -1 while nothing of it may be shown: no device, or no
        /// consent for that sensor.</summary>
        public float Level(string type)
        {
            if (Chosen(type) == null || !IsAllowed(type)) return -1f;
            return (float)Maps.Number(Modality(type), "quality", 0.0);
        }

        /// <summary>Text for the state of a source type.</summary>
        public string StateOf(string type)
        {
            if (Chosen(type) == null) return "Not used";
            if (!IsAllowed(type)) return "Not allowed yet";
            Dictionary<string, object> sensors = Maps.Child(Client.LatestDetail, "sensors");
            string state = Maps.Text(Maps.Child(sensors, SensorWords.Sensor(type)), "state");
            if (state.Length == 0) return "Starts with the next use";
            if (state == "ended") return "Its file has ended";
            if (state != "on") return "No device";
            return Level(type) > GoodSignal ? "Good signal" : SensorWords.Why(Maps.List(Modality(type), "reasons"));
        }

        private bool IsAllowed(string type)
        {
            SentioClient connected = Client;
            if (connected) foreach (object purpose in Maps.List(connected.Consent, SensorWords.Sensor(type))) return true;
            return false;
        }

        private Dictionary<string, object> Modality(string type)
        {
            return Client ? Maps.Child(Maps.Child(Client.LatestDetail, "modalities"), SensorWords.Modality(type)) : null;
        }

        private void Awake()
        {
            foreach (SensorDevice device in SensorFile.Read(FilePath)) _chosen[device.Type] = device;
            if (!launcher || launcher.Config.Length > 0) return;
            // Before the launcher starts; the sidecar needs a file also without sensors.
            launcher.Config = FilePath;
            if (!File.Exists(FilePath)) Store();
        }

        private SensorPanel Panel { get { return _panel ?? (_panel = new SensorPanel(Focus)); } }

        internal override string FirstControl { get { return SensorPanel.First; } }

        private void Start() { if (openOnStart) Open(); }

        /// <inheritdoc/>
        protected override void OnDisable()
        {
            StopSearching();
            base.OnDisable();
        }

        private void Update()
        {
            if (!client) _near = _finder.Of(null, this, Time.unscaledDeltaTime);
            if (_searching != null) _searching.Drain();
            Follow();
        }

        private void OnGUI() { if (IsDrawn) Panel.Draw(this); }

        private void Take(SentioReply reply)
        {
            if (reply.Error != null)
            {
                if (reply.Error.Code != "closed") Problem = "The devices could not be listed: " + reply.Error;
            }
            else
            {
                _found.Clear();
                foreach (object one in Maps.List(reply.Body, "devices"))
                {
                    var map = one as Dictionary<string, object>;
                    if (map != null) _found.Add(SensorDevice.Of(map));
                }
            }
            StopSearching();
        }

        private void StopSearching()
        {
            Client searching = _searching;
            _searching = null;
            if (searching != null) searching.Dispose();
        }
    }
}
