using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>How a kind of shade moves.</summary>
    public enum FoeWay
    {
        /// <summary>Straight to the lantern.</summary>
        Drift,

        /// <summary>Nearer, waits, and rushes.</summary>
        Charge,

        /// <summary>Around it, shooting.</summary>
        Circle,

        /// <summary>Slowly to the lantern, shooting all around.</summary>
        Loom,
    }

    /// <summary>Properties of a kind of shade.</summary>
    public sealed class FoeKind
    {
        /// <summary>How it moves.</summary>
        public FoeWay Way;

        /// <summary>What it looks like.</summary>
        public PrimitiveType Shape;

        /// <summary>Its colour.</summary>
        public Color Tone;

        /// <summary>Metres.</summary>
        public float Radius;

        /// <summary>Metres a second.</summary>
        public float Speed;

        /// <summary>Hits to destroy it.</summary>
        public float Health;

        /// <summary>Points for it.</summary>
        public int Points;

        /// <summary>Cost in the horde's budget.</summary>
        public float Cost;

        internal Material Paint;

        /// <summary>The three kinds, the most frequent first.</summary>
        public static FoeKind[] All()
        {
            return new[]
            {
                new FoeKind { Way = FoeWay.Drift, Shape = PrimitiveType.Cube, Tone = new Color(0.58f, 0.36f, 1f), Radius = 0.5f, Speed = 2.6f, Health = 2, Points = 10, Cost = 1 },
                new FoeKind { Way = FoeWay.Charge, Shape = PrimitiveType.Capsule, Tone = new Color(1f, 0.22f, 0.34f), Radius = 0.55f, Speed = 2f, Health = 3, Points = 25, Cost = 2 },
                new FoeKind { Way = FoeWay.Circle, Shape = PrimitiveType.Cylinder, Tone = new Color(0.2f, 0.85f, 0.95f), Radius = 0.55f, Speed = 2.3f, Health = 3, Points = 30, Cost = 2.5f },
            };
        }

        /// <summary>The warden of the third watch: slow, large, and it shoots all around.</summary>
        public static FoeKind Warden()
        {
            return new FoeKind { Way = FoeWay.Loom, Shape = PrimitiveType.Sphere, Tone = new Color(1f, 0.42f, 0.78f), Radius = 1.5f, Speed = 1.15f, Health = 46, Points = 400 };
        }
    }
}
