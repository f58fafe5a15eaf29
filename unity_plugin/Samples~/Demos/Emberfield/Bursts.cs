using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Sparks of destroyed shades: small cubes; the oldest are reused.</summary>
    public sealed class Bursts
    {
        /// <summary>Most sparks in the air.</summary>
        public const int Most = 168;

        // Sparks of a burst, seconds that one lasts, metres a second squared, edge in metres.
        private const int OfBurst = 14;
        private const float Lifetime = 0.8f, Gravity = 9f, Size = 0.13f;

        private readonly Pool _pool;
        private readonly Material[] _paints = new Material[Most / OfBurst];
        private readonly System.Random _random = new System.Random(5);

        /// <summary>Builds the sparks.</summary>
        public Bursts(Transform parent)
        {
            for (int burst = 0; burst < _paints.Length; burst++) _paints[burst] = Art.Paint(Color.white, 1);
            _pool = new Pool(Most, Lifetime,
                spark => Art.Shape(PrimitiveType.Cube, parent, Vector3.zero, Vector3.one * Size, _paints[spark / OfBurst]));
        }

        /// <summary>Sparks in the air.</summary>
        public int Count { get { return _pool.Count; } }

        /// <summary>Sends sparks of a colour from a place on the ground.</summary>
        public void Burst(Vector3 place, Color tone)
        {
            Art.Tint(_paints[_pool.Next / OfBurst], tone, 1.5f);
            for (int i = 0; i < OfBurst; i++)
            {
                float angle = 2 * Mathf.PI * (float)_random.NextDouble(), speed = 2 + 4.5f * (float)_random.NextDouble();
                float steep = 0.2f + 0.8f * (float)_random.NextDouble();
                var along = new Vector3(Mathf.Cos(angle) * (1 - steep), steep, Mathf.Sin(angle) * (1 - steep));
                Draw(_pool.Send(place + new Vector3(0, 0.8f, 0), along.normalized * speed));
            }
        }

        /// <summary>Moves and shrinks them.</summary>
        public void Advance(float seconds) { for (int i = 0; i < Most; i++) if (_pool.Move(i, seconds, Gravity)) Draw(i); }

        private void Draw(int spark)
        {
            _pool.Body(spark).localPosition = _pool.Place(spark);
            _pool.Body(spark).localScale = Vector3.one * (Size * _pool.Left(spark));
        }
    }
}
