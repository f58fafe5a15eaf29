using UnityEngine;

namespace Sentio
{
    /// <summary>Place of an upright panel in the world, and where a ray meets it.</summary>
    internal sealed class WorldPlane
    {
        // Cosine of the angle from the middle of the view within which a panel is in view.
        private const float InView = 0.64f;

        private float _away;

        /// <summary>The middle of the panel.</summary>
        internal Vector3 At { get; private set; }

        /// <summary>Level direction from the player to the panel, length 1.</summary>
        internal Vector3 Ahead { get; private set; } = Vector3.forward;

        /// <summary>Level direction to the panel's right as the player sees it, length 1.</summary>
        internal Vector3 Right { get { return new Vector3(Ahead.z, 0f, -Ahead.x); } }

        /// <summary>Puts the panel before a player's eyes; level, facing them.</summary>
        internal void Place(Vector3 eyes, Vector3 view, float distance, float below)
        {
            var level = new Vector3(view.x, 0f, view.z);
            if (level.sqrMagnitude > 1e-6f) Ahead = level.normalized;
            At = eyes + Ahead * distance - Vector3.up * below;
            _away = 0f;
        }

        /// <summary>Advances by some seconds; true if the player has looked away for <paramref name="limit"/> seconds and
        /// the panel is to be placed again. A limit of 0 never does.</summary>
        internal bool IsLeft(Vector3 eyes, Vector3 view, float seconds, float limit)
        {
            bool seen = Dot(view.normalized, (At - eyes).normalized) > InView;
            _away = seen ? 0f : _away + seconds;
            return limit > 0f && _away > limit;
        }

        /// <summary>Where a ray meets the panel: metres to the right of and above its middle; false if it does not.</summary>
        internal bool Meet(Vector3 origin, Vector3 along, out Vector2 at)
        {
            at = Vector2.zero;
            float towards = Dot(along.normalized, Ahead);
            if (towards < 1e-4f) return false;
            float far = Dot(At - origin, Ahead) / towards;
            if (far < 0f) return false;
            Vector3 offset = origin + along.normalized * far - At;
            at = new Vector2(Dot(offset, Right), offset.y);
            return true;
        }

        private static float Dot(Vector3 a, Vector3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
    }
}
