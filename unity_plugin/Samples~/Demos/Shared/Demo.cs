using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Affect source of a demo.</summary>
    public enum DemoSource
    {
        /// <summary>A simulated person, without a sidecar.</summary>
        Simulator,

        /// <summary>A running sidecar: <c>sentio run --demo</c>, or a real person.</summary>
        Sidecar,

        /// <summary>A recorded frame file.</summary>
        Recording,
    }

    /// <summary>Shared by the demos: the selected feed, rails, mood, camera, music and a small panel.</summary>
    /// <remarks>Add a demo to an empty scene and press Play: everything else is built in code.</remarks>
    public abstract class Demo : MonoBehaviour
    {
        /// <summary>Longest step in seconds, so that a stall causes no jump.</summary>
        public const float LongestStep = 0.05f;

        private static readonly Dictionary<KeyCode, SimulatedScenario> Scenarios = new Dictionary<KeyCode, SimulatedScenario>
        {
            { KeyCode.Alpha1, SimulatedScenario.Rest }, { KeyCode.Alpha2, SimulatedScenario.Stress }, { KeyCode.Alpha3, SimulatedScenario.Joy },
            { KeyCode.Alpha4, SimulatedScenario.Boredom }, { KeyCode.Alpha5, SimulatedScenario.Recovery },
        };

        private static readonly DemoSource[] Sources = { DemoSource.Simulator, DemoSource.Sidecar, DemoSource.Recording };

        private static readonly KeyCode[] Known =
        {
            KeyCode.Alpha1, KeyCode.Alpha2, KeyCode.Alpha3, KeyCode.Alpha4, KeyCode.Alpha5, KeyCode.F, KeyCode.R, KeyCode.Escape, KeyCode.Tab, KeyCode.F2, KeyCode.F4, KeyCode.F5,
            KeyCode.B, KeyCode.H, KeyCode.N, KeyCode.X, KeyCode.LeftShift, KeyCode.Return, KeyCode.W, KeyCode.A, KeyCode.S, KeyCode.D, KeyCode.UpArrow, KeyCode.LeftArrow, KeyCode.DownArrow, KeyCode.RightArrow,
        };

        [SerializeField, Tooltip("The affect source.")]
        private DemoSource source = DemoSource.Simulator;

        [SerializeField, Tooltip("A frame file, for the source Recording: simulated.frames of this sample, or sentio export FOLDER --to frames.")]
        private TextAsset recording;

        [SerializeField, Tooltip("Address of the sidecar, for the source Sidecar; empty for its defaults.")]
        private SentioConnection connection;

        [SerializeField, Tooltip("Whether the demo adapts to the player. Every demo works without adaptation.")]
        private bool adaptation = true;

        [SerializeField, Tooltip("Sound, made while it plays.")]
        private bool sound = true;

        private readonly Mood _mood = new Mood();
        private readonly Pen _pen = new Pen();
        private DemoMusic _music;

        /// <summary>The affect source; a new one is used at once.</summary>
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

        /// <summary>Whether the demo adapts to the player.</summary>
        public bool Adaptation { get { return adaptation; } set { adaptation = value; } }

        /// <summary>Whether there is sound.</summary>
        public bool Sound { get { return sound; } set { sound = value; } }

        /// <summary>The feed.</summary>
        public SentioFeed Feed { get; private set; }

        /// <summary>Safety limits of all adaptation.</summary>
        public SentioRails Rails { get; private set; }

        /// <summary>The line about what adapts and why.</summary>
        public SentioWhy Why { get; private set; }

        /// <summary>Mood: eased affect, neutral if unknown.</summary>
        public Mood Mood { get { return _mood; } }

        /// <summary>The camera.</summary>
        protected Camera Eye { get; private set; }

        /// <summary>Which keys are held.</summary>
        protected Keys Keys { get; private set; }

        /// <summary>Text of the panel.</summary>
        protected abstract string Help { get; }

        /// <summary>Initial scenario of the simulated person.</summary>
        protected abstract SimulatedScenario Begins { get; }

        /// <summary>Builds the scene.</summary>
        protected abstract void Build();

        /// <summary>The feed was replaced.</summary>
        protected abstract void Follow(SentioFeed feed);

        /// <summary>Advances by some seconds.</summary>
        protected abstract void Play(float seconds);

        /// <summary>Sets fullness and mode of the music.</summary>
        protected abstract Vector2 Music { get; }

        /// <summary>Advances by some seconds; called by <c>Update</c>.</summary>
        public void Advance(float seconds)
        {
            float time = Mathf.Min(seconds, LongestStep);
            _mood.Follow(adaptation ? Feed : null, time);
            Play(time);
            Vector2 music = Music;
            if (!_music) return;
            _music.Breath = adaptation && Feed ? Feed.FreshValue(AffectEntry.BreathPhase) : float.NaN;
            _music.Advance(time, music.x, music.y);
        }

        private void Awake()
        {
            Keys = new Keys();
            Rails = gameObject.AddComponent<SentioRails>();
            Why = gameObject.AddComponent<SentioWhy>();
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
            Why.Source = Feed;
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
                Keys.Process(happened);
                if (happened.type == EventType.KeyDown) Press(happened.keyCode);
            }
            else if (happened.type == EventType.Repaint) Keys.Read(Known, Press);
            _pen.Begin();
            if (happened.type == EventType.Repaint) Draw(_pen);
            GUILayout.BeginArea(new Rect(Pen.Size.x - 330, 12, 318, 220));
            GUILayout.Label(Help + "\nF2: another source.");
            GUILayout.BeginHorizontal();
            foreach (DemoSource one in Sources)
                if (GUILayout.Button(one == source ? "[" + one + "]" : one.ToString()) | SentioInput.ClickedLast) Source = one;
            GUILayout.EndHorizontal();
            adaptation = GUILayout.Toggle(adaptation, "Adapt to me (F5)") ^ SentioInput.ClickedLast;
            Why.ShowLine = GUILayout.Toggle(Why.ShowLine, "Show what adapts (F4)") ^ SentioInput.ClickedLast;
            GUILayout.Label(Rails.Ended.Length > 0 ? "stopped; R restarts" : Rails.Frozen ? "frozen; F continues" : Feed.LinkReason);
            GUILayout.EndArea();
            _pen.End();
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
            if (key == KeyCode.F2) Source = Sources[(Array.IndexOf(Sources, Source) + 1) % Sources.Length];
            if (key == KeyCode.F4) Why.ShowLine = !Why.ShowLine;
            if (key == KeyCode.F5) adaptation = !adaptation;
            Pressed(key);
        }

        /// <summary>Marks an event of the game for the recording, with one value or none.</summary>
        protected void Mark(string name, string key = null, object value = null)
        {
            if (Feed) Feed.Mark(name, key == null ? null : new Dictionary<string, object> { { key, value } });
        }

        /// <summary>Draws the player's display.</summary>
        protected virtual void Draw(Pen pen) { }

        /// <summary>A key was pressed.</summary>
        protected virtual void Pressed(KeyCode key) { }
    }
}
