using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Emberfield: keep your lantern alight among the shades until daybreak. Number of shades, light and music
    /// follow one intensity, which a director derives from affect and performance, and rails limit.</summary>
    [AddComponentMenu("Sentio/Demos/Emberfield")]
    public sealed class Emberfield : Demo
    {
        /// <summary>Metres from the middle to the edge.</summary>
        public const float Field = 15f;

        private const int FoesPerWisp = 12;
        private const int PointsPerWatch = 100;
        // Intensity of the lights while the game is stopped, and seconds until it restarts by itself in automatic play.
        private const float Rest = 0.06f;
        private const float AutomaticPause = 12f;

        private readonly Autopilot _autopilot = new Autopilot();
        private readonly Night _night = new Night();
        private readonly Course _course = new Course();
        private readonly Results _results = new Results("Your night", "how much came at you");
        private readonly Gauges _gauges = new Gauges();
        private EmberPacing _pacing;
        private Hero _hero;
        private Horde _horde;
        private Volley _shots, _foeShots;
        private EmberLight _light;
        private Bursts _bursts;
        private Transform _wisp;
        private string _headline = "";
        private float _shown, _pause;
        private int _downed;

        /// <summary>Plays automatically until a key is pressed.</summary>
        public bool Autoplay { get; set; } = true;

        /// <summary>Paces the shades.</summary>
        public SentioDirector Director { get { return _pacing.Director; } }

        /// <summary>Watches of the night.</summary>
        public Night Night { get { return _night; } }

        /// <summary>Course of this night.</summary>
        public Course Course { get { return _course; } }

        /// <summary>The page after the night.</summary>
        public Results Results { get { return _results; } }

        /// <summary>The player's display.</summary>
        public Gauges Gauges { get { return _gauges; } }

        /// <summary>Heat of the scene, 0..1; follows the intensity.</summary>
        public float Heat { get; private set; } = 0.3f;

        /// <summary>Whether the night is over, won or lost.</summary>
        public bool IsOver { get; private set; }

        /// <summary>The lantern.</summary>
        public Hero Hero { get { return _hero; } }

        /// <summary>The shades.</summary>
        public Horde Horde { get { return _horde; } }

        /// <summary>The sparks of destroyed shades.</summary>
        public Bursts Bursts { get { return _bursts; } }

        /// <summary>Points of this night.</summary>
        public int Points { get; private set; }

        /// <summary>Best score of earlier nights.</summary>
        public int Best { get; private set; }

        /// <summary>The light over the field.</summary>
        public EmberLight Light { get { return _light; } }

        /// <inheritdoc/>
        protected override string Help
        {
            get { return "WASD, mouse: move, shoot.  Shift or space: dash.\n1-5: simulated person.  F freezes, Esc stops."; }
        }

        /// <inheritdoc/>
        protected override SimulatedScenario Begins { get { return SimulatedScenario.Joy; } }

        /// <inheritdoc/>
        protected override Vector2 Music { get { return new Vector2(Heat, Mathf.Max(Mood.Valence, _night.IsOver ? 0.6f : -1)); } }

        /// <inheritdoc/>
        protected override void Build()
        {
            _pacing = new EmberPacing(gameObject.AddComponent<SentioDirector>());
            Director.Rails = Rails;
            Director.PacingChanged += state => Mark("pacing", "state", EmberPacing.NameOf(state));
            Why.Words = new[] { new SentioWords { What = Director.What, Words = "The shades" }, new SentioWords { What = "freeze", Words = "The night" } };
            _light = new EmberLight(transform, Field);
            _hero = new Hero(transform);
            _horde = new Horde(transform, Field);
            _shots = new Volley(transform, new Color(1f, 0.72f, 0.3f), 19f, 0.85f);
            _foeShots = new Volley(transform, new Color(0.25f, 0.85f, 1f), 6.5f, 3f);
            _bursts = new Bursts(transform);
            _wisp = Art.Shape(PrimitiveType.Sphere, transform, Vector3.zero, Vector3.one * 0.5f, Art.Paint(new Color(0.6f, 1f, 0.7f), 2));
            Eye.transform.localRotation = Quaternion.Euler(54, 0, 0);
            _pacing.Outlived += Outlive;
            _pacing.Peaked += Peak;
            _night.WatchKept += KeepWatch;
            _night.Dawned += Dawn;
            Restart();
        }

        /// <inheritdoc/>
        protected override void Follow(SentioFeed feed) { Director.Source = feed; }

        /// <summary>Begins a new night.</summary>
        public void Restart()
        {
            IsOver = false;
            Points = _downed = 0;
            _pause = 0;
            Announce(Autoplay ? "" : "Keep your ember until dawn", 5);
            _course.Begin();
            _results.Show(null);
            _night.Begin();
            _hero.Begin();
            _horde.Clear();
            _shots.Clear();
            _foeShots.Clear();
            _wisp.gameObject.SetActive(false);
            _pacing.Begin();
            Mark("round_began");
        }

        /// <inheritdoc/>
        protected override void Play(float seconds)
        {
            Director.Adapt = Adaptation;
            _pacing.Advance(seconds, _horde.Foes.Count);
            if (!IsOver) Fight(seconds);
            else if (Autoplay && (_pause += seconds) > AutomaticPause) Restart();
            _shots.Advance(seconds);
            _foeShots.Advance(seconds);
            _bursts.Advance(seconds);
            _night.Advance(seconds);
            Heat = Mathf.Lerp(Heat, IsOver ? Rest : _pacing.Intensity, 1 - Mathf.Exp(-1.2f * seconds));
            _light.Show(Heat, Mood.Stress, _night.Light, Rails, seconds);
            Eye.backgroundColor = _light.Sky;
            Vector3 wanted = 0.72f * _hero.Place + new Vector3(0, 14.5f, -10.5f);
            Eye.transform.localPosition = Vector3.Lerp(Eye.transform.localPosition, wanted, 1 - Mathf.Exp(-4 * seconds));
            _shown = Mathf.Max(_shown - seconds, 0);
            UpdateGauges();
            Why.ShowPanel = !_results.Visible;
        }

        /// <inheritdoc/>
        protected override void Draw(Pen pen)
        {
            _results.Draw(pen);
            _gauges.Draw(pen);
        }

        /// <inheritdoc/>
        protected override void Pressed(KeyCode key)
        {
            if (key == KeyCode.Return && IsOver) Restart();
        }

        private void Fight(float seconds)
        {
            Autoplay &= !Keys.AnyYet;
            _course.Advance(seconds, Feed, _pacing.Intensity);
            if (Autoplay) _autopilot.Steer(seconds, _hero, _horde.Foes, _foeShots, _wisp.gameObject.activeSelf ? _wisp : null);
            else Steer();
            _hero.Advance(seconds, Field, _shots);
            _horde.Advance(seconds, _hero.Place, _pacing.Intensity, _night.Kept, _foeShots);
            _night.Play(seconds);
            foreach (Foe down in _horde.Struck(_shots)) Down(down);
            bool struck = _foeShots.TakeHit(_hero.Place, Hero.Radius + 0.1f) || _horde.Touches(_hero.Place, Hero.Radius);
            if (struck && _hero.Hurt()) Hurt();
            if (!_wisp.gameObject.activeSelf || (_wisp.localPosition - _hero.Place).magnitude > 1.2f) return;
            _wisp.gameObject.SetActive(false);
            _hero.Heal();
            _course.Note("healed");
            Mark("pickup");
        }

        private void Steer()
        {
            Ray ray = Eye.ScreenPointToRay(new Vector3(Keys.Mouse.x, Keys.Mouse.y, 0));
            float reach = ray.direction.y < -0.01f ? -ray.origin.y / ray.direction.y : 0;
            Vector3 aim = ray.GetPoint(reach) - _hero.Place;
            _hero.Steer(Keys.Way, new Vector3(aim.x, 0, aim.z), Keys.Fires, Keys.Holds(KeyCode.LeftShift, KeyCode.Space));
        }

        private void Down(Foe foe)
        {
            Points += foe.Kind.Points;
            _bursts.Burst(foe.Place, foe.Kind.Tone);
            Mark("enemy_down", "points", foe.Kind.Points);
            if (foe.Kind.Way == FoeWay.Loom)
            {
                _course.Note("the warden falls");
                Mark("boss_down");
                _night.Unguard();
            }
            if (++_downed % FoesPerWisp != 0 || _wisp.gameObject.activeSelf) return;
            _wisp.localPosition = foe.Place;
            _wisp.gameObject.SetActive(true);
        }

        private void Hurt()
        {
            _pacing.HeroHurt();
            _bursts.Burst(_hero.Place, new Color(1f, 0.5f, 0.25f));
            _course.Note("hit");
            Mark("player_hurt", "left", _hero.Health);
            if (_hero.Health <= 0) End("round_ended");
        }

        private void Outlive()
        {
            if (!IsOver) _night.Outlive();
        }

        private void Peak()
        {
            if (IsOver || _night.Kept < Night.Watches - 1) return;
            _horde.RiseWarden(_hero.Place);
            _night.Guard();
            Announce("The warden rises", 3);
            _course.Note("the warden");
            Mark("boss_spawned");
        }

        private void KeepWatch(int count)
        {
            _course.Note("watch " + count + " kept");
            Mark("watch_kept", "count", count);
            Points += PointsPerWatch;
            if (count < Night.Watches) Announce((count == 1 ? "First" : "Second") + " watch kept", 3);
        }

        private void Dawn()
        {
            _horde.Clear();
            _foeShots.Clear();
            End("round_won");
        }

        private void End(string how)
        {
            IsOver = true;
            Best = Mathf.Max(Best, Points);
            _results.Show(_course);
            Mark(how, "points", Points);
        }

        private void Announce(string headline, float seconds)
        {
            _headline = headline;
            _shown = seconds;
        }

        private void UpdateGauges()
        {
            Foe warden = _horde.Warden;
            _gauges.Health = _hero.Health;
            _gauges.Points = Points;
            _gauges.Best = Best;
            _gauges.Watches = _night.Kept;
            _gauges.Intensity = Heat;
            _gauges.Phase = IsOver ? "" : _pacing.Phase;
            _gauges.WardenHealth = warden == null ? 0 : warden.Health / warden.Kind.Health;
            _gauges.Raised = IsOver;
            _gauges.Headline = IsOver ? _night.IsOver ? "Day breaks" : "The ember fades" : _shown > 0 ? _headline : "";
            _gauges.Line = IsOver ? Points + " points     Enter: once more" : "";
        }
    }
}
