using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>All shots of one side; the oldest are removed.</summary>
    public sealed class Volley
    {
        /// <summary>Most shots in flight.</summary>
        public const int Most = 96;

        private readonly Pool _pool;
        private readonly float _speed;

        /// <summary>Shots of a colour, speed in metres per second and flight time in seconds.</summary>
        public Volley(Transform parent, Color tone, float speed, float seconds)
        {
            _speed = speed;
            Material paint = Art.Paint(tone, 2);
            _pool = new Pool(Most, seconds, shot => Art.Shape(PrimitiveType.Sphere, parent, Vector3.zero, Vector3.one * 0.24f, paint));
        }

        /// <summary>Shots in the air.</summary>
        public int Count { get { return _pool.Count; } }

        /// <summary>Whether a shot, 0 to <see cref="Most"/> less 1, is in the air, and where.</summary>
        public bool IsFlying(int shot, out Vector3 place)
        {
            place = _pool.Place(shot);
            return _pool.IsUp(shot);
        }

        /// <summary>Sends a shot along a unit vector on the ground.</summary>
        public void Fire(Vector3 from, Vector3 along) { _pool.Send(new Vector3(from.x, 0, from.z), along * _speed); }

        /// <summary>Moves all shots; expired ones are removed.</summary>
        public void Advance(float seconds)
        {
            for (int i = 0; i < Most; i++)
                if (_pool.Move(i, seconds, 0)) _pool.Body(i).localPosition = _pool.Place(i) + Vector3.up * 0.8f;
        }

        /// <summary>Whether a shot is within reach of a place; removes that shot.</summary>
        public bool TakeHit(Vector3 place, float reach)
        {
            for (int i = 0; i < Most; i++)
            {
                if (!_pool.IsUp(i) || (_pool.Place(i) - place).sqrMagnitude >= reach * reach) continue;
                _pool.End(i);
                return true;
            }
            return false;
        }

        /// <summary>Removes all.</summary>
        public void Clear() { for (int i = 0; i < Most; i++) if (_pool.IsUp(i)) _pool.End(i); }
    }
}
