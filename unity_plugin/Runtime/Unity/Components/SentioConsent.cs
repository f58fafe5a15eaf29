using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Dialog in which the person grants and withdraws consent, by sensor and purpose.</summary>
    /// <remarks>Shows the sidecar's consent and changes nothing by itself. Everything is off until the person switches
    /// it on. The panel is drawn with Unity's immediate mode, which headsets do not show: there, give a
    /// <see cref="SentioWorldPanel"/> a <see cref="ConsentContent"/>, or build your own from <see cref="Sensors"/>,
    /// <c>IsGranted</c>, <see cref="Switch"/> and <see cref="ConsentWords"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Consent")]
    public sealed class SentioConsent : SentioScreen
    {
        [SerializeField, Tooltip("The client of the sidecar that keeps the consent; empty uses a parent's client, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Tooltip("The sensors that this game can use.")]
        private string[] sensors = { "camera", "microphone", "body", "eeg", "headset" };

        [SerializeField, Tooltip("Purposes that the game asks for; omit what it does not need.")]
        private string[] purposes = { "adapt", "record" };

        [SerializeField, Tooltip("The heading.")]
        private string title = "What may this game notice?";

        [SerializeField, TextArea(2, 5), Tooltip("The introduction. Its promise holds because only the purpose share lets data leave.")]
        private string introduction = "Everything stays on this computer unless you allow otherwise. Nothing is read before you"
            + " allow it, you can take it back at any time, and the game works without it.";

        [SerializeField, TextArea(2, 5), Tooltip("States that emotions are estimated: the EU AI Act (Article 50(3)) asks for it.")]
        private string notice = "This game uses a system that estimates emotions from your body, face or voice. The estimates"
            + " can be wrong.";

        [SerializeField, Tooltip("Asks for the guardian, who must grant what a child allows: [privacy.children] of the sidecar's configuration.")]
        private bool askGuardian;

        [SerializeField, Tooltip("The panel is open from the start.")]
        private bool openOnStart = true;

        [SerializeField, Tooltip("The key that withdraws all consent at any time, also while the panel is closed; None for none.")]
        private KeyCode withdrawKey = SentioWithdrawKey.Default;

        [SerializeField, Tooltip("The person is done with the panel.")]
        private UnityEvent onClosed = new UnityEvent();

        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private ConsentPanel _panel;
        private SentioClient _found;

        /// <summary>The person is done with the panel.</summary>
        public event Action Closed;

        /// <summary>Consent was granted or withdrawn, or that failed: sensor, its purposes from now on, and the error;
        /// null if it did not fail.</summary>
        public event Action<string, string[], SentioError> Changed;

        /// <summary>The client of the sidecar that keeps the consent; null uses a parent's client, or any in the
        /// scenes.</summary>
        public SentioClient Client { get { return client ? client : _found; } set { client = value; } }

        /// <summary>The sensors that this game can use.</summary>
        public string[] Sensors { get { return sensors; } set { sensors = value ?? new string[0]; } }

        /// <summary>Purposes that the game asks for.</summary>
        public string[] Purposes { get { return purposes; } set { purposes = value ?? new string[0]; } }

        /// <summary>The heading.</summary>
        public string Title { get { return title; } set { title = value; } }

        /// <summary>The introduction.</summary>
        public string Introduction { get { return introduction; } set { introduction = value; } }

        /// <summary>States that emotions are estimated: the EU AI Act (Article 50(3)) asks for it.</summary>
        public string Notice { get { return notice; } set { notice = value; } }

        /// <summary>Asks for the guardian, who must grant what a child allows: <c>[privacy.children]</c> in the sidecar's
        /// configuration names the children. A child withdraws alone.</summary>
        public bool AskGuardian { get { return askGuardian; } set { askGuardian = value; } }

        /// <summary>The guardian's pseudonym, which each grant has; empty for a person who decides alone. The panel's
        /// field writes it; it is empty again when the panel is closed.</summary>
        public string Guardian { get; set; } = "";

        /// <summary>One line about the newest receipt; empty if there was none.</summary>
        public string Receipt { get; private set; } = "";

        /// <summary>A sentence for the person if a recording is running that has no estimates of them; empty
        /// otherwise.</summary>
        public string NotKept
        {
            get
            {
                SentioClient connected = Client;
                bool live = connected && connected.Link == LinkState.Live;
                return live ? ConsentWords.NotKept(Maps.Child(connected.LatestDetail, "recording")) : "";
            }
        }

        /// <summary>The whole text that the person sees; it is kept with each receipt.</summary>
        public string ShownText()
        {
            var text = new System.Text.StringBuilder(title + "\n\n" + introduction + "\n\n" + notice);
            if (askGuardian) text.Append("\n\n").Append(ConsentWords.Guardian);
            foreach (string sensor in sensors)
            {
                text.Append("\n\n").Append(ConsentWords.Name(sensor)).Append(": ").Append(ConsentWords.About(sensor));
                foreach (string purpose in purposes) text.Append("\n- ").Append(ConsentWords.Purpose(purpose));
            }
            return text.ToString();
        }

        /// <summary>The inspector's event of the end.</summary>
        public UnityEvent OnClosed { get { return onClosed; } }

        /// <summary>The last error, in one line; empty if there was none.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Opens the panel.</summary>
        public void Open() { Appear(); }

        /// <summary>Closes the panel: the person is done.</summary>
        public void Close()
        {
            if (!IsOpen) return;
            Vanish();
            Guardian = ""; // the next one at the panel may be the child
            if (Closed != null) Closed();
            onClosed.Invoke();
        }

        /// <summary>Whether consent is granted for a purpose of a sensor.</summary>
        public bool IsGranted(string sensor, string purpose)
        {
            SentioClient connected = Client;
            if (connected) foreach (object granted in Maps.List(connected.Consent, sensor)) if (purpose.Equals(granted)) return true;
            return false;
        }

        /// <summary>Whether consent is granted for any purpose of a sensor.</summary>
        public bool IsGranted(string sensor)
        {
            SentioClient connected = Client;
            if (connected) foreach (object granted in Maps.List(connected.Consent, sensor)) return true;
            return false;
        }

        /// <summary>Text for a sensor's state.</summary>
        public string StateOf(string sensor)
        {
            SentioClient connected = Client;
            Dictionary<string, object> all = connected ? Maps.Child(connected.LatestDetail, "sensors") : null;
            return ConsentWords.State(IsGranted(sensor), Maps.Text(Maps.Child(all, sensor), "state"));
        }

        /// <summary>Whether consent is granted for a purpose that permits reading a sensor.</summary>
        public bool IsRead(string sensor)
        {
            SentioClient connected = Client;
            return connected && ConsentWords.Reads(connected, sensor);
        }

        /// <summary>Switches one purpose of a sensor. Recording requires reading: without adapt, exercise and research
        /// every purpose of the sensor is withdrawn.</summary>
        public void Switch(string sensor, string purpose, bool on)
        {
            var wanted = new List<string>();
            foreach (string each in purposes)
            {
                bool stays = each == purpose ? on : IsGranted(sensor, each);
                if (stays) wanted.Add(each);
            }
            if (!wanted.Exists(ConsentWords.IsLive)) wanted.Clear();
            Choose(sensor, wanted.ToArray());
        }

        /// <summary>Grants, for the person, exactly these purposes of a sensor; none withdraws it.</summary>
        public void Choose(string sensor, params string[] wanted)
        {
            SentioClient connected = Client;
            if (!connected)
            {
                Problem = "That did not work: no client is chosen";
                return;
            }
            SentioReply reply = wanted.Length == 0 ? connected.Withdraw(sensor) : connected.Grant(sensor, wanted, About());
            reply.Then(answer => Take(sensor, wanted, answer));
        }

        /// <summary>The key that withdraws all consent at any time, also while the panel is closed;
        /// <c>KeyCode.None</c> for none.</summary>
        public KeyCode WithdrawKey { get { return withdrawKey; } set { withdrawKey = value; } }

        /// <summary>Withdraws all consent, also for sensors that are not listed here.</summary>
        public void WithdrawAll()
        {
            SentioClient connected = Client;
            if (!connected) Problem = "That did not work: no client is chosen";
            else connected.WithdrawAll().Then(reply => { foreach (string sensor in sensors) Take(sensor, new string[0], reply); });
        }

        /// <summary>What a grant has for its receipt.</summary>
        internal Dictionary<string, object> About()
        {
            var about = new Dictionary<string, object> { { "text", ShownText() }, { "text_name", title }, { "language", "en" } };
            string guardian = Guardian == null ? "" : Guardian.Trim();
            if (guardian.Length == 0) return about;
            about["guardian"] = guardian;
            about["by"] = "guardian";
            return about;
        }

        private ConsentPanel Panel { get { return _panel ?? (_panel = new ConsentPanel(Focus)); } }

        internal override string FirstControl { get { return ConsentPanel.First; } }

        private void Start()
        {
            if (openOnStart) Open();
#if ENABLE_INPUT_SYSTEM && !ENABLE_LEGACY_INPUT_MANAGER && !SENTIO_INPUT_SYSTEM
            if (ShowPanel)
                Debug.LogWarning("Sentio: this panel receives no input while Active Input Handling is 'Input System Package (New)'"
                    + " and that package is not installed: install it, or set Active Input Handling to Both", this);
#endif
        }

        private void Update()
        {
            if (!client) _found = _finder.Of(null, this, Time.unscaledDeltaTime);
            Follow();
        }

        private void OnGUI()
        {
            if (SentioInput.IsPressed(withdrawKey, Event.current)) WithdrawAll();
            if (IsDrawn) Panel.Draw(this);
        }

        private void Take(string sensor, string[] wanted, SentioReply reply)
        {
            Problem = reply.Ok ? "" : "That did not work: " + reply.Error;
            Receipt = reply.Ok ? ConsentWords.Receipt(reply.Body) : "";
            if (Changed != null) Changed(sensor, wanted, reply.Error);
        }
    }
}
