using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace Sentio
{
    /// <summary>Asks the person, in plain words, what may be read from each sensor and what for; and lets them take it
    /// back.</summary>
    /// <remarks>Shows what is agreed to in the sidecar, and changes nothing by itself. Everything is off until somebody
    /// switches it on. The panel is drawn with Unity's immediate mode, which no headset shows: there, switch
    /// <see cref="ShowPanel"/> off and build your own from <see cref="Sensors"/>, <c>IsGranted</c>, <see cref="Switch"/>
    /// and <see cref="ConsentWords"/>.</remarks>
    [AddComponentMenu("Sentio/Sentio Consent")]
    public sealed class SentioConsent : MonoBehaviour
    {
        [SerializeField, Tooltip("Whose consent is asked; empty takes the client above this, or any in the scenes.")]
        private SentioClient client;

        [SerializeField, Tooltip("The sensors that this game can use.")]
        private string[] sensors = { "camera", "microphone", "body", "eeg", "headset" };

        [SerializeField, Tooltip("What the game asks for: leave out what it does not need.")]
        private string[] purposes = { "adapt", "record" };

        [SerializeField, Tooltip("The heading.")]
        private string title = "What may this game notice?";

        [SerializeField, TextArea(2, 5), Tooltip("What is said first. The promise is the sidecar's: it serves this computer only.")]
        private string introduction = "Everything stays on this computer. Nothing is read before you allow it, you can take it"
            + " back at any time, and the game works without it.";

        [SerializeField, Tooltip("Draws the panel; off where the game draws its own.")]
        private bool showPanel = true;

        [SerializeField, Tooltip("The panel is there from the start.")]
        private bool openOnStart = true;

        [SerializeField, Tooltip("The person is done with the panel.")]
        private UnityEvent onClosed = new UnityEvent();

        private readonly FeedFinder<SentioClient> _finder = new FeedFinder<SentioClient>();
        private readonly ConsentPanel _panel = new ConsentPanel();
        private SentioClient _found;

        /// <summary>The person is done with the panel.</summary>
        public event Action Closed;

        /// <summary>Something was granted or withdrawn, or could not be: sensor, its purposes from now on, and the error,
        /// null where it worked.</summary>
        public event Action<string, string[], SentioError> Changed;

        /// <summary>Whose consent is asked; null takes the client above this, or any in the scenes.</summary>
        public SentioClient Client { get { return client ? client : _found; } set { client = value; } }

        /// <summary>The sensors that this game can use.</summary>
        public string[] Sensors { get { return sensors; } set { sensors = value ?? new string[0]; } }

        /// <summary>What the game asks for.</summary>
        public string[] Purposes { get { return purposes; } set { purposes = value ?? new string[0]; } }

        /// <summary>The heading.</summary>
        public string Title { get { return title; } set { title = value; } }

        /// <summary>What is said first.</summary>
        public string Introduction { get { return introduction; } set { introduction = value; } }

        /// <summary>Whether the panel is drawn.</summary>
        public bool ShowPanel { get { return showPanel; } set { showPanel = value; } }

        /// <summary>The inspector's event of the end.</summary>
        public UnityEvent OnClosed { get { return onClosed; } }

        /// <summary>Whether the panel is open.</summary>
        public bool IsOpen { get; private set; }

        /// <summary>What did not work, in one line for the person; empty where all did.</summary>
        public string Problem { get; private set; } = "";

        /// <summary>Opens the panel.</summary>
        public void Open() { IsOpen = true; }

        /// <summary>Closes the panel: the person is done.</summary>
        public void Close()
        {
            if (!IsOpen) return;
            IsOpen = false;
            if (Closed != null) Closed();
            onClosed.Invoke();
        }

        /// <summary>Whether the person has agreed to a purpose of a sensor.</summary>
        public bool IsGranted(string sensor, string purpose)
        {
            SentioClient asked = Client;
            if (asked) foreach (object granted in Maps.List(asked.Consent, sensor)) if (purpose.Equals(granted)) return true;
            return false;
        }

        /// <summary>Whether the person has agreed to anything of a sensor.</summary>
        public bool IsGranted(string sensor)
        {
            SentioClient asked = Client;
            if (asked) foreach (object granted in Maps.List(asked.Consent, sensor)) return true;
            return false;
        }

        /// <summary>How a sensor stands, in a word or two for the person.</summary>
        public string StateOf(string sensor)
        {
            SentioClient asked = Client;
            Dictionary<string, object> all = asked ? Maps.Child(asked.LatestDetail, "sensors") : null;
            return ConsentWords.State(IsGranted(sensor), Maps.Text(Maps.Child(all, sensor), "state"));
        }

        /// <summary>The person switched one purpose of a sensor. Keeping something needs that it is read at all: without
        /// adapt everything of the sensor goes, and nothing else can come first.</summary>
        public void Switch(string sensor, string purpose, bool on)
        {
            var wanted = new List<string>();
            foreach (string each in purposes)
            {
                bool stays = each == purpose ? on : IsGranted(sensor, each);
                if (stays) wanted.Add(each);
            }
            if (!wanted.Contains("adapt")) wanted.Clear();
            Choose(sensor, wanted.ToArray());
        }

        /// <summary>Agrees, for the person, to exactly these purposes of a sensor; none withdraws it.</summary>
        public void Choose(string sensor, params string[] wanted)
        {
            SentioClient asked = Client;
            if (!asked)
            {
                Problem = "That did not work: no client is chosen";
                return;
            }
            SentioReply reply = wanted.Length == 0 ? asked.Withdraw(sensor) : asked.Grant(sensor, wanted);
            reply.Then(told => Take(sensor, wanted, told));
        }

        /// <summary>Takes back everything that was agreed to.</summary>
        public void WithdrawAll() { foreach (string sensor in sensors) Choose(sensor); }

        private void Start()
        {
            if (openOnStart) Open();
#if ENABLE_INPUT_SYSTEM && !ENABLE_LEGACY_INPUT_MANAGER && !SENTIO_INPUT_SYSTEM
            if (showPanel)
                Debug.LogWarning("Sentio: this panel hears no input while Active Input Handling is 'Input System Package (New)'"
                    + " and that package is not installed: install it, or set Active Input Handling to Both", this);
#endif
        }

        private void Update()
        {
            if (!client) _found = _finder.Of(null, this, Time.unscaledDeltaTime);
            useGUILayout = IsOpen && showPanel;
        }

        private void OnGUI() { if (IsOpen && showPanel) _panel.Draw(this); }

        private void Take(string sensor, string[] wanted, SentioReply reply)
        {
            Problem = reply.Ok ? "" : "That did not work: " + reply.Error;
            if (Changed != null) Changed(sensor, wanted, reply.Error);
        }
    }
}
