using System;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>A fixed number of bodies that fly for some time; the oldest are reused.</summary>
    public sealed class Pool
    {
        private readonly Transform[] _bodies;
        private readonly Vector3[] _places, _ways;
        private readonly float[] _left;
        private readonly float _seconds;
        private int _next;

        /// <summary>Bodies that <paramref name="make"/> builds by number, with a flight time in seconds.</summary>
        public Pool(int most, float seconds, Func<int, Transform> make)
        {
            _bodies = new Transform[most];
            _places = new Vector3[most];
            _ways = new Vector3[most];
            _left = new float[most];
            _seconds = seconds;
            for (int i = 0; i < most; i++)
            {
                _bodies[i] = make(i);
                _bodies[i].gameObject.SetActive(false);
            }
        }

        /// <summary>Bodies in the air.</summary>
        public int Count { get; private set; }

        /// <summary>Number of the body that is sent next.</summary>
        public int Next { get { return _next; } }

        /// <summary>Whether a body is in the air.</summary>
        public bool IsUp(int body) { return _left[body] > 0; }

        /// <summary>The part of its flight that a body has before it, 1 to 0.</summary>
        public float Left(int body) { return Mathf.Max(_left[body] / _seconds, 0); }

        /// <summary>Where a body is.</summary>
        public Vector3 Place(int body) { return _places[body]; }

        /// <summary>What is drawn.</summary>
        public Transform Body(int body) { return _bodies[body]; }

        /// <summary>Sends the next body with a velocity; returns its number.</summary>
        public int Send(Vector3 from, Vector3 way)
        {
            int sent = _next;
            if (_left[sent] <= 0) Count++;
            _places[sent] = from;
            _ways[sent] = way;
            _left[sent] = _seconds;
            _bodies[sent].gameObject.SetActive(true);
            _next = (_next + 1) % _bodies.Length;
            return sent;
        }

        /// <summary>Moves a body that falls by <paramref name="gravity"/>; false if it was not in the air. One whose time is over ends.</summary>
        public bool Move(int body, float seconds, float gravity)
        {
            if (_left[body] <= 0) return false;
            _ways[body] -= new Vector3(0, gravity * seconds, 0);
            _places[body] += _ways[body] * seconds;
            _left[body] -= seconds;
            if (_left[body] <= 0) End(body);
            return true;
        }

        /// <summary>Ends a body that is in the air.</summary>
        public void End(int body)
        {
            _left[body] = 0;
            _bodies[body].gameObject.SetActive(false);
            Count--;
        }
    }
}
