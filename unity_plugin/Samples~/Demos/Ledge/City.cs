using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Builds the city at dusk around the lift: towers with lit windows, the ground, the lift's floor and
    /// rails.</summary>
    public static class City
    {
        private const int Towers = 90;
        private const float Clear = 14f;
        // Angle between neighbours of a sunflower's seeds, radians: an even field without rows.
        private const float Turn = 2.39996f;

        /// <summary>Colour of the sky.</summary>
        public static readonly Color Sky = new Color(0.36f, 0.25f, 0.34f);

        /// <summary>Builds it; returns the lift.</summary>
        public static Transform Build(Transform parent)
        {
            var random = new System.Random(21);
            Material ground = Art.Paint(new Color(0.07f, 0.075f, 0.1f), 0);
            Material[] walls =
            {
                Art.Paint(new Color(0.15f, 0.15f, 0.2f), 0), Art.Paint(new Color(0.2f, 0.17f, 0.2f), 0), Art.Paint(new Color(0.12f, 0.14f, 0.18f), 0),
            };
            Material lit = Art.Paint(new Color(1f, 0.78f, 0.45f), 1.4f);
            Art.Shape(PrimitiveType.Cube, parent, new Vector3(0, -0.1f, 0), new Vector3(600, 0.1f, 600), ground);
            for (int i = 0; i < Towers; i++)
            {
                float far = Clear + 1.5f * i, angle = Turn * i;
                float tall = 6 + 0.4f * i * (0.4f + 0.8f * (float)random.NextDouble()), wide = 7 + 6 * (float)random.NextDouble();
                var at = new Vector3(Mathf.Cos(angle) * far, tall / 2, Mathf.Sin(angle) * far);
                Transform tower = Art.Shape(PrimitiveType.Cube, parent, at, new Vector3(wide, tall, wide), walls[i % walls.Length]);
                Windows(parent, tower.localPosition, wide, tall, lit, random);
            }
            Light sun = Art.Lamp(LightType.Directional, parent, new Vector3(0, 30, 0), new Color(1f, 0.66f, 0.48f), 0.8f);
            sun.transform.localRotation = Quaternion.Euler(8, 45, 0);
            return Lift(parent);
        }

        // A few lit rows on each side that faces the lift.
        private static void Windows(Transform parent, Vector3 at, float wide, float tall, Material lit, System.Random random)
        {
            for (float y = 3; y < tall - 1; y += 3 + 4 * (float)random.NextDouble())
            {
                float part = 0.25f + 0.55f * (float)random.NextDouble(), side = random.NextDouble() < 0.5 ? 1 : -1;
                bool along = random.NextDouble() < 0.5;
                Vector3 place = at + new Vector3(along ? 0 : side * wide / 2, y - tall / 2, along ? side * wide / 2 : 0);
                Art.Shape(PrimitiveType.Cube, parent, place, along ? new Vector3(part * wide, 0.5f, 0.1f) : new Vector3(0.1f, 0.5f, part * wide), lit);
            }
        }

        private static Transform Lift(Transform parent)
        {
            var lift = new GameObject("Lift").transform;
            lift.SetParent(parent, false);
            Material steel = Art.Paint(new Color(0.4f, 0.43f, 0.5f), 0);
            Art.Shape(PrimitiveType.Cube, lift, new Vector3(0, -0.04f, 0), new Vector3(2.2f, 0.08f, 2.2f), steel);
            foreach (float side in new[] { -1.1f, 1.1f })
            {
                Art.Shape(PrimitiveType.Cube, lift, new Vector3(0, 1.05f, side), new Vector3(2.2f, 0.05f, 0.05f), steel);
                Art.Shape(PrimitiveType.Cube, lift, new Vector3(side, 1.05f, 0), new Vector3(0.05f, 0.05f, 2.2f), steel);
                foreach (float end in new[] { -1.1f, 1.1f })
                    Art.Shape(PrimitiveType.Cube, lift, new Vector3(side, 0.5f, end), new Vector3(0.06f, 1.1f, 0.06f), steel);
            }
            return lift;
        }
    }
}
