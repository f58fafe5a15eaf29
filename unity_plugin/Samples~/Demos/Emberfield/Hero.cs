using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The player's lantern: moves, aims, shoots, and takes damage.</summary>
    public sealed class Hero
    {
        /// <summary>Metres.</summary>
        public const float Radius = 0.45f;

        private const int MostHealth = 5;
        private const float Speed = 6.5f;
        private const float ShotPause = 0.16f;
        private const float MercySeconds = 1.2f;

        private readonly Transform _body;
        private readonly Light _lamp;
        private Vector3 _way, _aim = Vector3.forward, _velocity;
        private bool _fires;
        private float _reload, _mercy;

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

        /// <summary>Sets movement (length 1 at most), aim, and whether to shoot.</summary>
        public void Steer(Vector3 way, Vector3 aim, bool fires)
        {
            _way = way;
            if (aim.sqrMagnitude > 0.01f) _aim = aim.normalized;
            _fires = fires;
        }

        /// <summary>Moves within a field.</summary>
        public void Advance(float seconds, float field, Volley shots)
        {
            _reload -= seconds;
            _mercy -= seconds;
            _velocity = Vector3.Lerp(_velocity, _way * Speed, 1 - Mathf.Exp(-9 * seconds));
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
    }

    /// <summary>Plays automatically: keeps away from the nearest shade, shoots at it, fetches wisps, stays near the
    /// middle.</summary>
    public sealed class Autopilot
    {
        /// <summary>Steers for one step; <paramref name="wisp"/> is the healing wisp, null if there is none.</summary>
        public void Steer(Hero hero, IList<Foe> foes, Transform wisp)
        {
            float far = hero.Place.magnitude;
            Vector3 away = -hero.Place * (0.06f + 0.3f * Mathf.SmoothStep(0, 1, (far - 4) / 5));
            Foe nearest = null;
            foreach (Foe foe in foes)
            {
                Vector3 gap = hero.Place - foe.Place;
                away += gap * (1.6f / Mathf.Max(gap.sqrMagnitude, 0.3f));
                if (nearest == null || gap.sqrMagnitude < (hero.Place - nearest.Place).sqrMagnitude) nearest = foe;
            }
            if (wisp) away += 0.9f * (wisp.localPosition - hero.Place).normalized;
            Vector3 aim = nearest == null ? Vector3.zero : nearest.Place - hero.Place;
            hero.Steer(away.sqrMagnitude > 1 ? away.normalized : away, aim, nearest != null && nearest.IsSolid);
        }
    }
}
