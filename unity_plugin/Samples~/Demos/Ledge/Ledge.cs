using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The ledge: height in graded steps above a city at dusk, on the screen or in a headset.</summary>
    /// <remarks>The lift moves slowly and straight, keeps the horizon, and always leads down. A person at the side holds it
    /// (H), steps it back (B) or further (N); X, held for a second, leads to the ground. The log names who moved
    /// it.</remarks>
    [AddComponentMenu("Sentio/Demos/Ledge")]
    public sealed class Ledge : Demo
    {
        /// <summary>Metres of one step.</summary>
        public const float Rise = 4f;

        private const int Steps = 5;
        private const float EyeHeight = 1.65f;
        // Vignette at the lift's full speed.
        private const float Shade = 0.45f;
        private const string Helper = "helper", Player = "player";
        private const float MostHaze = 0.012f;

        private Headset _headset;
        private Transform _lift;
        private SentioVignette _vignette;
        private SentioWorldPanel _panel;
        private Vector3 _rig;
        private bool _placed;

        /// <summary>The steps, and who moved them.</summary>
        public SentioExposure Exposure { get; private set; }

        /// <summary>Limits of what is done to the player's view.</summary>
        public SentioComfort Comfort { get; private set; }

        /// <summary>The panel with the player's own buttons.</summary>
        public SentioWorldPanel Panel { get { return _panel; } }

        /// <summary>Height of the lift, metres.</summary>
        public float Height { get { return _rig.y; } }

        /// <summary>How high it is, 0..1.</summary>
        public float Demand { get { return Exposure.Height / Steps; } }

        /// <inheritdoc/>
        protected override string Help
        {
            get
            {
                if (Exposure.Finished) return "Back to the ground.";
                return "Step " + Exposure.Step + " of " + Steps + (Exposure.Held ? ", held" : "")
                    + "\nH holds, B steps back, N further, X (hold) leads to the ground.\n1-5: simulated person.";
            }
        }

        /// <inheritdoc/>
        protected override SimulatedScenario Begins { get { return SimulatedScenario.Recovery; } }

        /// <inheritdoc/>
        protected override Vector2 Music { get { return new Vector2(0.05f + 0.2f * Demand, 0.1f); } }

        /// <inheritdoc/>
        protected override void Build()
        {
            Exposure = gameObject.AddComponent<SentioExposure>();
            Exposure.Steps = Steps;
            Exposure.TenseAbove = 0.75f;
            Exposure.CalmSeconds = 3;
            Exposure.TenseSeconds = 12;
            Exposure.LeastSeconds = 5;
            Exposure.Relief = 1;
            Exposure.Speed = 0.5f;
            Why.Words = new[] { new SentioWords { What = "exposure", Words = "The lift" }, new SentioWords { What = "freeze", Words = "The lift" } };
            Comfort = gameObject.AddComponent<SentioComfort>();
            Comfort.Speed = Exposure.Speed * Rise;
            Comfort.ExitRequested += () => Exposure.Finish(Player);
            _headset = new Headset(Eye.transform, Vector3.zero);
            _lift = City.Build(transform);
            _vignette = Eye.gameObject.AddComponent<SentioVignette>();
            _panel = new GameObject("Side").AddComponent<SentioWorldPanel>();
            _panel.transform.SetParent(transform);
            _panel.Content = new ExposureContent(Exposure, Player);
            _panel.gameObject.SetActive(false);
            Eye.backgroundColor = City.Sky;
            RenderSettings.ambientLight = City.Sky * 0.9f;
            RenderSettings.fog = true;
            RenderSettings.fogMode = FogMode.Exponential;
            RenderSettings.fogColor = City.Sky;
            RenderSettings.fogDensity = MostHaze;
        }

        /// <inheritdoc/>
        protected override void Follow(SentioFeed feed) { Exposure.Source = feed; }

        /// <inheritdoc/>
        protected override void Play(float seconds)
        {
            Exposure.Adapt = Adaptation && !Rails.Frozen;
            Vector3 before = _rig;
            _rig = Comfort.Move(_rig, new Vector3(0, Rise * Exposure.Height, 0), seconds);
            _lift.localPosition = _rig;
            _headset.Seat = _rig;
            bool worn = _headset.Follow();
            if (!worn) Eye.transform.localPosition = _rig + new Vector3(0, EyeHeight, 0);
            float pace = Vector3.Distance(_rig, before) / Mathf.Max(seconds, 1e-4f) / Mathf.Max(Comfort.Speed, 1e-4f);
            _vignette.Strength = Comfort.Vignette(worn ? Shade * pace : 0, seconds);
            Comfort.HoldExit(Keys.Holds(KeyCode.X, KeyCode.X), seconds);
            ShowPanel(worn, seconds);
        }

        private void ShowPanel(bool worn, float seconds)
        {
            if (worn != _panel.gameObject.activeSelf) _panel.gameObject.SetActive(worn);
            if (!worn)
            {
                _placed = false;
                return;
            }
            Vector3 eyes = Eye.transform.position, view = Eye.transform.forward;
            if (!_placed) _panel.Place(eyes, view);
            _placed = true;
            _panel.Follow(eyes, view, seconds);
            _panel.Gaze(eyes, view, seconds);
        }

        /// <inheritdoc/>
        protected override void Pressed(KeyCode key)
        {
            if (key == KeyCode.H && Exposure.Held) Exposure.Resume(Helper);
            else if (key == KeyCode.H) Exposure.Hold(Helper);
            if (key == KeyCode.B) Exposure.StepBack(Helper);
            if (key == KeyCode.N) Exposure.StepForward(Helper);
            if (key == KeyCode.Escape) Exposure.Finish(Player);
            if (key == KeyCode.R) Exposure.Restart();
        }
    }
}
