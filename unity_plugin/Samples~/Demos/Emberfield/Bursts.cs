using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Sparks of destroyed shades, from a fixed pool of small cubes; the oldest are reused.</summary>
    public sealed class Bursts
    {
        /// <summary>Most sparks in the air.</summary>
        public const int Most = 168;

        // Sparks of a burst, seconds that one lasts, metres a second squared, edge in metres.
        private const int OfBurst = 14;
        private const float Lifetime = 0.8f, Gravity = 9f, Size = 0.13f;

        private readonly Transform[] _bodies = new Transform[Most];
        private readonly Material[] _paints = new Material[Most / OfBurst];
        private readonly Vector3[] _ways = new Vector3[Most];
        private readonly float[] _left = new float[Most];
        private readonly System.Random _random = new System.Random(5);
        private int _next;

        /// <summary>Builds the pool.</summary>
        public Bursts(Transform parent)
        {
            for (int burst = 0; burst < _paints.Length; burst++) _paints[burst] = Art.Paint(Color.white, 1);
            for (int i = 0; i < Most; i++)
            {
                _bodies[i] = Art.Shape(PrimitiveType.Cube, parent, Vector3.zero, Vector3.one * Size, _paints[i / OfBurst]);
                _bodies[i].gameObject.SetActive(false);
            }
        }

        /// <summary>Sparks in the air.</summary>
        public int Count { get; private set; }

        /// <summary>Sends sparks of a colour from a place on the ground.</summary>
        public void Burst(Vector3 place, Color tone)
        {
            Art.Tint(_paints[_next / OfBurst], tone, 1.5f);
            for (int i = 0; i < OfBurst; i++)
            {
                if (_left[_next] <= 0) Count++;
                float angle = 2 * Mathf.PI * (float)_random.NextDouble(), speed = 2 + 4.5f * (float)_random.NextDouble();
                float steep = 0.2f + 0.8f * (float)_random.NextDouble();
                var along = new Vector3(Mathf.Cos(angle) * (1 - steep), steep, Mathf.Sin(angle) * (1 - steep));
                _ways[_next] = along.normalized * speed;
                _left[_next] = Lifetime;
                _bodies[_next].localPosition = place + new Vector3(0, 0.8f, 0);
                _bodies[_next].gameObject.SetActive(true);
                _next = (_next + 1) % Most;
            }
        }

        /// <summary>Moves and shrinks them.</summary>
        public void Advance(float seconds)
        {
            for (int i = 0; i < Most; i++)
            {
                if (_left[i] <= 0) continue;
                _left[i] -= seconds;
                _ways[i] -= new Vector3(0, Gravity * seconds, 0);
                _bodies[i].localPosition += _ways[i] * seconds;
                _bodies[i].localScale = Vector3.one * (Size * Mathf.Max(_left[i] / Lifetime, 0));
                if (_left[i] > 0) continue;
                _bodies[i].gameObject.SetActive(false);
                Count--;
            }
        }
    }
}
