using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Plays automatically: keeps away from shades and shots, aims ahead of the nearest shade, dashes when
    /// cornered, fetches wisps, stays near the middle.</summary>
    public sealed class Autopilot
    {
        private const float ShotSpeed = 19f;
        private const float ShotRange = 3f;
        private const float DashRange = 1.7f;

        private Foe _target;
        private Vector3 _seen, _velocity;

        /// <summary>Steers for one step; <paramref name="wisp"/> is the healing wisp, null if there is none.</summary>
        public void Steer(float seconds, Hero hero, IList<Foe> foes, Volley danger, Transform wisp)
        {
            Vector3 at = hero.Place;
            Vector3 away = -at * (0.06f + 0.3f * Mathf.SmoothStep(0, 1, (at.magnitude - 4) / 5)) + FromShots(at, danger);
            Foe nearest = null;
            float gap = float.PositiveInfinity;
            foreach (Foe foe in foes)
            {
                Vector3 apart = at - foe.Place;
                float reach = Mathf.Max(apart.magnitude - foe.Kind.Radius, 0.4f);
                away += apart.normalized * (1.8f / reach);
                if (!foe.IsSolid || reach >= gap) continue;
                nearest = foe;
                gap = reach;
            }
            if (wisp && gap > 1.5f) away += 1.6f * (wisp.localPosition - at).normalized;
            Vector3 aim = nearest == null ? Vector3.zero : Ahead(seconds, at, nearest) - at;
            hero.Steer(away.sqrMagnitude > 1 ? away.normalized : away, aim, nearest != null, gap < DashRange);
        }

        private static Vector3 FromShots(Vector3 at, Volley danger)
        {
            Vector3 away = Vector3.zero, place;
            for (int shot = 0; shot < Volley.Most; shot++)
            {
                if (!danger.IsFlying(shot, out place)) continue;
                float far = (at - place).magnitude;
                if (far < ShotRange) away += (at - place).normalized * (2 / Mathf.Max(far, 0.3f));
            }
            return away;
        }

        // Where a shade will be when a shot arrives, from its last steps.
        private Vector3 Ahead(float seconds, Vector3 at, Foe foe)
        {
            Vector3 step = (foe.Place - _seen) * (1 / Mathf.Max(seconds, 1e-3f));
            _velocity = foe == _target ? Vector3.Lerp(_velocity, step, 0.3f) : Vector3.zero;
            _target = foe;
            _seen = foe.Place;
            return foe.Place + _velocity * ((at - foe.Place).magnitude / ShotSpeed);
        }
    }
}
