using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Emberfield: keep your lantern alight among the shades. Number of shades, light and music follow one
    /// demand, which a director derives from affect and performance, and rails limit.</summary>
    [AddComponentMenu("Sentio/Demos/Emberfield")]
    public sealed class Emberfield : Demo
    {
        /// <summary>Metres from the middle to the edge.</summary>
        public const float Field = 15f;

        private const float Crowd = 14f;
        private const float HurtHalf = 4f;
        private const float LeastHeat = 0.06f;
        private const int FoesPerWisp = 14;

        private static readonly string[] Phases = { "the shades gather", "hold on", "they falter", "breathe" };

        private readonly Autopilot _autopilot = new Autopilot();
        private Hero _hero;
        private Horde _horde;
        private Volley _shots, _foeShots;
        private EmberLight _light;
        private Transform _wisp;
        private float _hurt, _pause;
        private int _downed;

        /// <summary>Plays automatically until a key is pressed.</summary>
        public bool Autoplay { get; set; } = true;

        /// <summary>Paces the shades.</summary>
        public SentioDirector Director { get; private set; }

        /// <summary>Heat of the scene, 0..1; follows the director's demand.</summary>
        public float Heat { get; private set; } = 0.3f;

        /// <summary>Current number of shades.</summary>
        public int Foes { get { return _horde.Foes.Count; } }

        /// <summary>Total number of shades.</summary>
        public int Came { get { return _horde.Came; } }

        /// <summary>Points.</summary>
        public int Points { get; private set; }

        /// <summary>Health of the lantern, 0..5.</summary>
        public int Health { get { return _hero.Health; } }

        /// <summary>The light over the field.</summary>
        public EmberLight Light { get { return _light; } }

        /// <inheritdoc/>
        protected override string Help
        {
            get { return Phases[(int)Director.State] + "    " + Points + " points, lantern " + Health + "\nWASD, mouse: move, shoot.  1-5: simulated person.  F freezes, Esc stops."; }
        }

        /// <inheritdoc/>
        protected override SimulatedScenario Begins { get { return SimulatedScenario.Joy; } }

        /// <inheritdoc/>
        protected override Vector2 Music { get { return new Vector2(Heat, Mood.Valence); } }

        /// <inheritdoc/>
        protected override void Build()
        {
            Director = gameObject.AddComponent<SentioDirector>();
            Director.Rails = Rails;
            Director.Settings.BuildUp = 40;
            // Stronger than usual: a visitor should feel it within a minute.
            Director.Settings.Authority = 0.6f;
            Director.Settings.Kp = 2;
            _light = new EmberLight(transform, Field);
            _hero = new Hero(transform);
            _horde = new Horde(transform, Field);
            _shots = new Volley(transform, new Color(1f, 0.72f, 0.3f), 19f, 0.85f);
            _foeShots = new Volley(transform, new Color(0.25f, 0.85f, 1f), 6.5f, 3f);
            _wisp = Art.Shape(PrimitiveType.Sphere, transform, Vector3.zero, Vector3.one * 0.5f, Art.Paint(new Color(0.6f, 1f, 0.7f), 2));
            Eye.transform.localRotation = Quaternion.Euler(54, 0, 0);
            Restart();
        }

        /// <inheritdoc/>
        protected override void Follow(SentioFeed feed) { Director.Source = feed; }

        /// <summary>Begins a new round.</summary>
        public void Restart()
        {
            Points = _downed = 0;
            _hurt = _pause = 0;
            _hero.Begin();
            _horde.Clear();
            _shots.Clear();
            _foeShots.Clear();
            _wisp.gameObject.SetActive(false);
            Director.Enter(PacingState.BuildUp);
            if (Feed) Feed.Mark("round_began", null);
        }

        /// <inheritdoc/>
        protected override void Play(float seconds)
        {
            _hurt *= Mathf.Pow(0.5f, seconds / HurtHalf);
            Director.Adapt = Adaptation;
            Director.SetPerformance("crowd", 0.8f * Foes / Crowd + _hurt);
            if (_hero.Health > 0) Fight(seconds);
            else if ((_pause += seconds) > 4) Restart();
            _shots.Advance(seconds);
            _foeShots.Advance(seconds);
            Heat = Mathf.Lerp(Heat, Mathf.Max(Director.Demand, LeastHeat), 1 - Mathf.Exp(-1.2f * seconds));
            _light.Show(Heat, Mood.Stress, Rails, seconds);
            Eye.backgroundColor = _light.Sky;
            Vector3 wanted = 0.72f * _hero.Place + new Vector3(0, 14.5f, -10.5f);
            Eye.transform.localPosition = Vector3.Lerp(Eye.transform.localPosition, wanted, 1 - Mathf.Exp(-4 * seconds));
        }

        private void Fight(float seconds)
        {
            Autoplay &= !Keys.AnyYet;
            if (Autoplay) _autopilot.Steer(_hero, _horde.Foes, _wisp.gameObject.activeSelf ? _wisp : null);
            else Steer();
            _hero.Advance(seconds, Field, _shots);
            _horde.Advance(seconds, _hero.Place, Mathf.Max(Director.Demand, LeastHeat), _foeShots);
            foreach (Foe down in _horde.Struck(_shots)) Down(down);
            bool struck = _foeShots.TakeHit(_hero.Place, Hero.Radius + 0.1f) || _horde.Touches(_hero.Place, Hero.Radius);
            if (struck && _hero.Hurt())
            {
                _hurt = Mathf.Min(_hurt + 0.35f, 1);
                if (Feed) Feed.Mark("player_hurt", new Dictionary<string, object> { { "left", _hero.Health } });
            }
            if (!_wisp.gameObject.activeSelf || (_wisp.localPosition - _hero.Place).magnitude > 1.2f) return;
            _wisp.gameObject.SetActive(false);
            _hero.Heal();
            if (Feed) Feed.Mark("pickup", null);
        }

        private void Steer()
        {
            Ray ray = Eye.ScreenPointToRay(new Vector3(Keys.Mouse.x, Keys.Mouse.y, 0));
            float reach = ray.direction.y < -0.01f ? -ray.origin.y / ray.direction.y : 0;
            Vector3 aim = ray.GetPoint(reach) - _hero.Place;
            _hero.Steer(Keys.Way, new Vector3(aim.x, 0, aim.z), Keys.Fires);
        }

        private void Down(Foe foe)
        {
            Points += foe.Kind.Points;
            if (Feed) Feed.Mark("enemy_down", new Dictionary<string, object> { { "points", foe.Kind.Points } });
            if (++_downed % FoesPerWisp != 0 || _wisp.gameObject.activeSelf) return;
            _wisp.localPosition = foe.Place;
            _wisp.gameObject.SetActive(true);
        }
    }
}
