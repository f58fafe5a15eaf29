using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Where a demo's affect comes from.</summary>
    public enum DemoSource
    {
        /// <summary>A simulated person; nothing else is needed.</summary>
        Simulator,

        /// <summary>A sidecar that runs: <c>sentio run --demo</c>, or a real person.</summary>
        Sidecar,

        /// <summary>A recorded frame file.</summary>
        Recording,
    }

    /// <summary>What the demos share: a feed that is chosen, rails, the mood, a camera, music and a small
    /// panel.</summary>
    /// <remarks>Add a demo to an empty scene and press Play: everything else is made in code.</remarks>
    public abstract class Demo : MonoBehaviour
    {
        /// <summary>Seconds of one step at most, so that a stall lets nothing jump.</summary>
        public const float LongestStep = 0.05f;

        private static readonly Dictionary<KeyCode, SimulatedScenario> Scenarios = new Dictionary<KeyCode, SimulatedScenario>
        {
            { KeyCode.Alpha1, SimulatedScenario.Rest }, { KeyCode.Alpha2, SimulatedScenario.Stress }, { KeyCode.Alpha3, SimulatedScenario.Joy },
            { KeyCode.Alpha4, SimulatedScenario.Boredom }, { KeyCode.Alpha5, SimulatedScenario.Recovery },
        };

        private static readonly KeyCode[] Known =
        {
            KeyCode.Alpha1, KeyCode.Alpha2, KeyCode.Alpha3, KeyCode.Alpha4, KeyCode.Alpha5, KeyCode.F, KeyCode.R, KeyCode.Escape, KeyCode.Tab,
            KeyCode.W, KeyCode.A, KeyCode.S, KeyCode.D, KeyCode.UpArrow, KeyCode.LeftArrow, KeyCode.DownArrow, KeyCode.RightArrow,
        };

        [SerializeField, Tooltip("Where affect comes from.")]
        private DemoSource source = DemoSource.Simulator;

        [SerializeField, Tooltip("A frame file, for the source Recording: simulated.frames of this sample, or sentio export FOLDER --to frames.")]
        private TextAsset recording;

        [SerializeField, Tooltip("Where the sidecar is, for the source Sidecar; empty for its defaults.")]
        private SentioConnection connection;

        [SerializeField, Tooltip("Whether anything answers to the player's state. Every demo works without.")]
        private bool adaptation = true;

        [SerializeField, Tooltip("Sound, made while it plays.")]
        private bool sound = true;

        private readonly Mood _mood = new Mood();
        private DemoMusic _music;

        /// <summary>Where affect comes from; a new one is followed at once.</summary>
        public DemoSource Source
        {
            get { return source; }
            set
            {
                source = value;
                if (Rails) Connect();
            }
        }

        /// <summary>A frame file, for the source Recording.</summary>
        public TextAsset Recording { get { return recording; } set { recording = value; } }

        /// <summary>Whether anything answers to the player's state.</summary>
        public bool Adaptation { get { return adaptation; } set { adaptation = value; } }

        /// <summary>Whether there is sound.</summary>
        public bool Sound { get { return sound; } set { sound = value; } }

        /// <summary>Who is followed.</summary>
        public SentioFeed Feed { get; private set; }

        /// <summary>The last word on all that adapts.</summary>
        public SentioRails Rails { get; private set; }

        /// <summary>What looks follow: affect, eased, and neutral where nobody knows.</summary>
        public Mood Mood { get { return _mood; } }

        /// <summary>The camera.</summary>
        protected Camera Eye { get; private set; }

        /// <summary>Which keys are held.</summary>
        protected Keys Keys { get; private set; }

        /// <summary>What the panel says of the demo, in a line or two.</summary>
        protected abstract string Help { get; }

        /// <summary>What the simulated person does at first.</summary>
        protected abstract SimulatedScenario Begins { get; }

        /// <summary>Makes the place.</summary>
        protected abstract void Build();

        /// <summary>Another feed is followed.</summary>
        protected abstract void Follow(SentioFeed feed);

        /// <summary>Lets seconds go by.</summary>
        protected abstract void Play(float seconds);

        /// <summary>How full the music is, and how bright its mode, for now.</summary>
        protected abstract Vector2 Music { get; }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            float time = Mathf.Min(seconds, LongestStep);
            _mood.Follow(adaptation ? Feed : null, time);
            Play(time);
            Vector2 music = Music;
            if (_music) _music.Advance(time, music.x, music.y);
        }

        private void Awake()
        {
            Keys = new Keys();
            Rails = gameObject.AddComponent<SentioRails>();
            Eye = new GameObject("Eye").AddComponent<Camera>();
            Eye.transform.SetParent(transform);
            Eye.gameObject.AddComponent<AudioListener>();
            Eye.clearFlags = CameraClearFlags.SolidColor;
            if (sound) _music = Eye.gameObject.AddComponent<DemoMusic>();
            Build();
            Connect();
            gameObject.AddComponent<SentioHud>().Visible = false;
        }

        private void Update() { Advance(Time.deltaTime); }

        private void Connect()
        {
            if (Feed) Destroy(Feed.gameObject);
            var made = new GameObject("Feed");
            made.transform.SetParent(transform);
            made.SetActive(false);
            Feed = Make(made);
            Rails.Feed = Feed;
            Follow(Feed);
            made.SetActive(true);
        }

        private SentioFeed Make(GameObject made)
        {
            if (source == DemoSource.Sidecar)
            {
                var client = made.AddComponent<SentioClient>();
                client.Connection = connection;
                return client;
            }
            if (source == DemoSource.Recording)
            {
                var player = made.AddComponent<SentioPlayer>();
                if (recording) player.Recording = recording;
                else player.Path = "simulated.frames";
                player.Loop = true;
                return player;
            }
            var simulator = made.AddComponent<SentioSimulator>();
            simulator.Scenario = Begins;
            return simulator;
        }

        private void OnGUI()
        {
            Event happened = Event.current;
            if (!SentioInput.ReadsDevices)
            {
                Keys.Hear(happened);
                if (happened.type == EventType.KeyDown) Press(happened.keyCode);
            }
            else if (happened.type == EventType.Repaint) Keys.Read(Known, Press);
            GUILayout.BeginArea(new Rect(Screen.width - 330, 12, 318, 200));
            GUILayout.Label(Help);
            GUILayout.BeginHorizontal();
            foreach (DemoSource one in new[] { DemoSource.Simulator, DemoSource.Sidecar, DemoSource.Recording })
                if (GUILayout.Button(one == source ? "[" + one + "]" : one.ToString()) | SentioInput.ClickedLast) Source = one;
            GUILayout.EndHorizontal();
            adaptation = GUILayout.Toggle(adaptation, "Adapt to me") ^ SentioInput.ClickedLast;
            GUILayout.Label(Rails.Ended.Length > 0 ? "stopped; R begins again" : Rails.Frozen ? "frozen; F lets it go on" : Feed.LinkReason);
            GUILayout.EndArea();
        }

        private void Press(KeyCode key)
        {
            var simulator = Feed as SentioSimulator;
            SimulatedScenario scenario;
            if (simulator && Scenarios.TryGetValue(key, out scenario)) simulator.Scenario = scenario;
            if (key == KeyCode.F && Rails.Frozen) Rails.Unfreeze();
            else if (key == KeyCode.F) Rails.Freeze();
            if (key == KeyCode.Escape) Rails.SafeStop();
            if (key == KeyCode.R) Rails.Restart();
            Pressed(key);
        }

        /// <summary>A key was pressed.</summary>
        protected virtual void Pressed(KeyCode key) { }
    }
}
