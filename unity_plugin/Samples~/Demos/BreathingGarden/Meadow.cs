using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Flowers around a pond; they rise and open with the growth, and sway with the breath.</summary>
    public sealed class Meadow
    {
        private const int Flowers = 90;
        private const int Petals = 5;
        private const float Pond = 2.6f;
        private const float Edge = 9f;

        private static readonly Color[] Tones =
            { new Color(0.95f, 0.6f, 0.7f), new Color(0.98f, 0.85f, 0.5f), new Color(0.7f, 0.65f, 0.95f), new Color(0.95f, 0.95f, 0.98f) };

        private readonly Transform[] _stems = new Transform[Flowers];
        private readonly Transform[] _heads = new Transform[Flowers];
        private readonly float[] _wakes = new float[Flowers];

        /// <summary>Plants them under <paramref name="parent"/>.</summary>
        public Meadow(Transform parent)
        {
            var random = new System.Random(21);
            Art.Shape(PrimitiveType.Cylinder, parent, new Vector3(0, -0.5f, 0), new Vector3(60, 0.5f, 60), Art.Paint(new Color(0.1f, 0.2f, 0.12f), 0));
            Art.Shape(PrimitiveType.Cylinder, parent, new Vector3(0, -0.48f, 0), new Vector3(2 * Pond, 0.5f, 2 * Pond), Art.Paint(new Color(0.1f, 0.2f, 0.3f), 0));
            Material green = Art.Paint(new Color(0.2f, 0.45f, 0.25f), 0);
            var paints = new Material[Tones.Length];
            for (int i = 0; i < paints.Length; i++) paints[i] = Art.Paint(Tones[i], 0.3f);
            for (int i = 0; i < Flowers; i++)
            {
                float angle = 2 * Mathf.PI * (float)random.NextDouble(), far = Pond + 0.3f + (Edge - Pond) * (float)random.NextDouble();
                var at = new Vector3(far * Mathf.Cos(angle), 0, far * Mathf.Sin(angle));
                _stems[i] = Art.Shape(PrimitiveType.Cylinder, parent, at, Vector3.one * 0.05f, green);
                _heads[i] = Head(parent, at, paints[random.Next(paints.Length)]);
                _wakes[i] = 0.85f * (float)random.NextDouble();
            }
        }

        /// <summary>Number of open flowers.</summary>
        public int Open { get; private set; }

        /// <summary>Shows growth 0..1 and the breath's phase, 0..1.</summary>
        public void Show(float growth, float breath)
        {
            Open = 0;
            for (int i = 0; i < Flowers; i++)
            {
                float open = Mathf.SmoothStep(0, 1, Mathf.InverseLerp(_wakes[i] - 0.05f, _wakes[i] + 0.15f, growth));
                float tall = 0.15f + 0.5f * open;
                Vector3 at = _stems[i].localPosition;
                _stems[i].localScale = new Vector3(0.04f, tall / 2, 0.04f);
                _stems[i].localPosition = new Vector3(at.x, tall / 2, at.z);
                _heads[i].localPosition = new Vector3(at.x, tall, at.z);
                _heads[i].localScale = Vector3.one * ((0.15f + 0.85f * open) * (0.95f + 0.1f * breath));
                if (open > 0.5f) Open++;
            }
        }

        private static Transform Head(Transform parent, Vector3 at, Material paint)
        {
            var head = new GameObject("Flower").transform;
            head.SetParent(parent, false);
            head.localPosition = at;
            for (int i = 0; i < Petals; i++)
            {
                float angle = 2 * Mathf.PI * i / Petals;
                Art.Shape(PrimitiveType.Sphere, head, new Vector3(0.11f * Mathf.Cos(angle), 0, 0.11f * Mathf.Sin(angle)), new Vector3(0.16f, 0.05f, 0.16f), paint);
            }
            return head;
        }
    }
}
