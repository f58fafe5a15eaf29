using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The player's lantern: moves, aims, shoots, and takes damage.</summary>
    public sealed class Hero
    {
        /// <summary>Metres.</summary>
        public const float Radius = 0.45f;

        /// <summary>Health at the beginning of a night.</summary>
        public const int MostHealth = 5;

        private const float Speed = 6.5f;
        private const float ShotPause = 0.16f;
        private const float MercySeconds = 1.2f;
        private const float DashSpeed = 19f;
        private const float DashSeconds = 0.16f;
        private const float DashPause = 1.1f;

        private readonly Transform _body;
        private readonly Light _lamp;
        private Vector3 _way, _aim = Vector3.forward, _velocity;
        private bool _fires, _dashes;
        private float _reload, _mercy, _dash, _dashWait;

        /// <summary>A new lantern under <paramref name="parent"/>.</summary>
        public Hero(Transform parent)
        {
            _body = Art.Shape(PrimitiveType.Sphere, parent, Vector3.zero, Vector3.one * 0.8f, Art.Paint(new Color(1f, 0.8f, 0.45f), 2));
            _lamp = Art.Lamp(LightType.Point, _body, Vector3.up, new Color(1f, 0.75f, 0.4f), 2.4f);
        }

        /// <summary>Position on the ground.</summary>
        public Vector3 Place { get; private set; }

        /// <summary>0..5.</summary>
        public int Health { get; private set; } = MostHealth;

        /// <summary>Restarts in the middle.</summary>
        public void Begin()
        {
            Place = _velocity = Vector3.zero;
            Health = MostHealth;
            _mercy = MercySeconds;
        }

        /// <summary>Sets movement (length 1 at most), aim, and whether to shoot and to dash.</summary>
        public void Steer(Vector3 way, Vector3 aim, bool fires, bool dashes)
        {
            _way = way;
            if (aim.sqrMagnitude > 0.01f) _aim = aim.normalized;
            _fires = fires;
            _dashes = dashes;
        }

        /// <summary>Moves within a field.</summary>
        public void Advance(float seconds, float field, Volley shots)
        {
            _reload -= seconds;
            _mercy -= seconds;
            _dash -= seconds;
            _dashWait -= seconds;
            if (_dashes && _dashWait <= 0 && _way.sqrMagnitude > 0) Dash();
            bool dashing = _dash > 0;
            Vector3 wanted = _way * (dashing ? DashSpeed : Speed);
            _velocity = Vector3.Lerp(_velocity, wanted, 1 - Mathf.Exp(-9 * (dashing ? 3 : 1) * seconds));
            Vector3 place = Place + _velocity * seconds;
            Place = place.magnitude > field - Radius ? place.normalized * (field - Radius) : place;
            if (_fires && _reload <= 0)
            {
                _reload = ShotPause;
                shots.Fire(Place + _aim * 0.7f, _aim);
            }
            _body.localPosition = Place + Vector3.up * 0.9f;
            _lamp.intensity = 2.4f * (0.45f + 0.55f * Health / MostHealth);
        }

        /// <summary>Takes one damage, unless it was hit a moment ago; true if it did.</summary>
        public bool Hurt()
        {
            if (_mercy > 0 || Health <= 0) return false;
            _mercy = MercySeconds;
            Health--;
            return true;
        }

        /// <summary>Restores one health.</summary>
        public void Heal() { Health = Mathf.Min(Health + 1, MostHealth); }

        private void Dash()
        {
            _dash = DashSeconds;
            _dashWait = DashPause;
            _mercy = Mathf.Max(_mercy, DashSeconds + 0.1f);
        }
    }
}
