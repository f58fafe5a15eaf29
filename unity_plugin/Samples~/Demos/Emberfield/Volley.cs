using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>All shots of one side; the oldest are removed.</summary>
    public sealed class Volley
    {
        /// <summary>Most shots in flight.</summary>
        public const int Most = 96;

        private readonly Transform[] _bodies = new Transform[Most];
        private readonly Vector3[] _places = new Vector3[Most];
        private readonly Vector3[] _ways = new Vector3[Most];
        private readonly float[] _left = new float[Most];
        private readonly float _speed, _seconds;
        private int _next;

        /// <summary>Shots of a colour, speed in metres per second and flight time in seconds.</summary>
        public Volley(Transform parent, Color tone, float speed, float seconds)
        {
            _speed = speed;
            _seconds = seconds;
            Material paint = Art.Paint(tone, 2);
            for (int i = 0; i < Most; i++)
            {
                _bodies[i] = Art.Shape(PrimitiveType.Sphere, parent, Vector3.zero, Vector3.one * 0.24f, paint);
                _bodies[i].gameObject.SetActive(false);
            }
        }

        /// <summary>Shots in the air.</summary>
        public int Count { get; private set; }

        /// <summary>Whether a shot, 0 to <see cref="Most"/> less 1, is in the air, and where.</summary>
        public bool IsFlying(int shot, out Vector3 place)
        {
            place = _places[shot];
            return _left[shot] > 0;
        }

        /// <summary>Sends a shot along a unit vector on the ground.</summary>
        public void Fire(Vector3 from, Vector3 along)
        {
            if (_left[_next] <= 0) Count++;
            _places[_next] = new Vector3(from.x, 0, from.z);
            _ways[_next] = along;
            _left[_next] = _seconds;
            _bodies[_next].gameObject.SetActive(true);
            _next = (_next + 1) % Most;
        }

        /// <summary>Moves all shots; expired ones are removed.</summary>
        public void Advance(float seconds)
        {
            for (int i = 0; i < Most; i++)
            {
                if (_left[i] <= 0) continue;
                _left[i] -= seconds;
                _places[i] += _ways[i] * (_speed * seconds);
                _bodies[i].localPosition = _places[i] + Vector3.up * 0.8f;
                if (_left[i] <= 0) End(i);
            }
        }

        /// <summary>Whether a shot is within reach of a place; removes that shot.</summary>
        public bool TakeHit(Vector3 place, float reach)
        {
            for (int i = 0; i < Most; i++)
            {
                if (_left[i] <= 0 || (_places[i] - place).sqrMagnitude >= reach * reach) continue;
                End(i);
                return true;
            }
            return false;
        }

        /// <summary>Removes all.</summary>
        public void Clear() { for (int i = 0; i < Most; i++) if (_left[i] > 0) End(i); }

        private void End(int shot)
        {
            _left[shot] = 0;
            _bodies[shot].gameObject.SetActive(false);
            Count--;
        }
    }
}
