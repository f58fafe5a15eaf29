using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Weights of a face's shapes by ARKit's names; others are 0.</summary>
    public sealed class FaceWeights
    {
        private readonly Dictionary<string, float> _weights = new Dictionary<string, float>();

        /// <summary>A face at rest.</summary>
        public FaceWeights() { }

        /// <summary>One shape in full.</summary>
        public FaceWeights(string name) { _weights[name] = 1; }

        /// <summary>The weight of a shape.</summary>
        public float this[string name] { get { float weight; return _weights.TryGetValue(name, out weight) ? weight : 0; } }

        /// <summary>The weight of a shape of one side: 1 is the person's left.</summary>
        public float Of(string stem, float side) { return this[stem + (side > 0 ? "Left" : "Right")]; }
    }

    /// <summary>Where each point of head, eyes, lids, brows and mouth lies for given weights. Looks along +Z; the
    /// person's left is +X, as with ARKit (<see cref="FaceMesh"/> turns it to Unity's hand). u and v run over a patch,
    /// 0..1.</summary>
    public static class FaceShape
    {
        private const float MouthY = -0.4f;

        private static readonly Vector3 Skull = new Vector3(0.98f, 0.93f, 0.9f);
        private static readonly Vector2 EyeAt = new Vector2(0.35f, 0.07f);
        private static readonly Vector3 Ball = new Vector3(0.225f, 0.265f, 0.185f);

        /// <summary>The head; u goes around, v from crown to chin.</summary>
        public static Vector3 Head(float u, float v, FaceWeights w)
        {
            float around = 2 * Mathf.PI * (u - 0.5f), down = Mathf.PI * v;
            float x = Mathf.Sin(down) * Mathf.Sin(around), y = Mathf.Cos(down), z = Mathf.Sin(down) * Mathf.Cos(around);
            x *= 1 + 0.05f * Bell((y + 0.3f) / 0.35f);
            var point = new Vector3(x * Skull.x, y * Skull.y, z * Skull.z);
            point.z += Bump(point.x, point.y, w) * Mathf.SmoothStep(0, 1, z / 0.3f);
            float low = Mathf.SmoothStep(0, 1, (-0.15f - point.y) / 0.7f);
            point.y -= 0.13f * low * w["jawOpen"];
            point.x += 0.06f * low * (w["jawLeft"] - w["jawRight"]);
            point.z += 0.06f * low * w["jawForward"] * (point.z < 0 ? -1 : 1);
            return point;
        }

        /// <summary>The white of an eye.</summary>
        public static Vector3 Eye(float u, float v, float side)
        {
            float around = Mathf.PI * (u - 0.5f) * 1.1f, down = Mathf.PI * v;
            return Socket(side, Mathf.Sin(down) * Mathf.Sin(around), Mathf.Cos(down), Mathf.Sin(down) * Mathf.Cos(around), 1);
        }

        /// <summary>Iris and pupil: a disc on the eye; v goes from its middle to its edge.</summary>
        public static Vector3 Iris(float u, float v, FaceWeights w, float side)
        {
            float outwards = w.Of("eyeLookOut", side) - w.Of("eyeLookIn", side), up = w.Of("eyeLookUp", side) - w.Of("eyeLookDown", side);
            float x = 0.42f * outwards * side + 0.5f * v * Mathf.Sin(2 * Mathf.PI * u);
            float y = 0.36f * up + 0.5f * v * Mathf.Cos(2 * Mathf.PI * u) * Ball.x / Ball.y;
            return Socket(side, x, y, Mathf.Sqrt(Mathf.Max(1 - x * x - y * y, 0)), 1.025f);
        }

        /// <summary>The upper lid, from behind the eye to its edge.</summary>
        public static Vector3 UpperLid(float u, float v, FaceWeights w, float side)
        {
            float edge = 47 - 66 * w.Of("eyeBlink", side) - 12 * w.Of("eyeSquint", side) + 22 * w.Of("eyeWide", side);
            edge -= 7 * w.Of("eyeLookDown", side) + 9 * w.Of("browDown", side);
            return Lid(u, Mathf.Lerp(118, edge, v), side);
        }

        /// <summary>The lower lid, from behind the eye to its edge.</summary>
        public static Vector3 LowerLid(float u, float v, FaceWeights w, float side)
        {
            float edge = -58 + 34 * w.Of("eyeBlink", side) + 20 * w.Of("eyeSquint", side);
            edge += 16 * w.Of("cheekSquint", side) + 6 * w.Of("mouthSmile", side);
            return Lid(u, Mathf.Lerp(-118, edge, v), side);
        }

        /// <summary>A brow: a tapered tube; v runs from its inner to its outer end, u around it.</summary>
        public static Vector3 Brow(float u, float v, FaceWeights w, float side)
        {
            float outer = w.Of("browOuterUp", side), down = w.Of("browDown", side);
            float x = Mathf.Lerp(0.17f - 0.03f * down, 0.56f, v);
            float y = 0.425f + 0.07f * Mathf.Sin(Mathf.PI * Mathf.Min(v + 0.12f, 1)) - 0.05f * v;
            y += 0.13f * w["browInnerUp"] * Mathf.Pow(1 - v, 1.5f) + 0.11f * outer * v * (1.3f - 0.5f * v) - down * (0.15f * (1 - v) + 0.03f);
            float thick = 0.042f * Mathf.Pow(Mathf.Sin(Mathf.PI * Mathf.Clamp01(0.1f + 0.82f * v)), 0.6f), turn = 2 * Mathf.PI * u;
            return Surface(x * side, y + thick * Mathf.Cos(turn), 0.02f + 0.7f * thick * Mathf.Sin(turn), w);
        }

        /// <summary>Lips: a closed tube; u goes around the mouth, v around the tube.</summary>
        public static Vector3 Lips(float u, float v, FaceWeights w)
        {
            bool upper = u < 0.5f;
            float t = upper ? 4 * u - 1 : 3 - 4 * u;
            Vector2 rim = Rim(t, w, upper);
            float press = Mathf.Lerp(w["mouthPressRight"], w["mouthPressLeft"], Mathf.SmoothStep(0, 1, 0.5f + t)), roll = w[upper ? "mouthRollUpper" : "mouthRollLower"];
            float round = (0.024f + 0.012f * w["mouthPucker"]) * (1 - 0.5f * roll - 0.4f * press) * (0.55f + 0.45f * Mathf.Sqrt(1 - 0.98f * t * t));
            float turn = 2 * Mathf.PI * v;
            return Surface(rim.x, rim.y + round * Mathf.Cos(turn), 0.012f + 1.1f * round * Mathf.Sin(turn) + Out(w), w);
        }

        /// <summary>The dark inside of the mouth.</summary>
        public static Vector3 Gap(float u, float v, FaceWeights w) { return Inside(2 * u - 1, v, 0.006f, w); }

        /// <summary>The upper teeth.</summary>
        public static Vector3 Teeth(float u, float v, FaceWeights w) { return Inside(0.82f * (2 * u - 1), 0.04f + 0.27f * v, 0.012f, w); }

        /// <summary>The tongue.</summary>
        public static Vector3 Tongue(float u, float v, FaceWeights w)
        {
            float t = 0.6f * (2 * u - 1), further = 0.12f * w["tongueOut"] * v;
            return Inside(t, Mathf.Lerp(0.62f + 0.1f * t * t, 0.97f, v), 0.01f + further, w) - new Vector3(0, 0.6f * further, 0);
        }

        private static Vector3 Inside(float t, float v, float lift, FaceWeights w)
        {
            Vector2 upper = Rim(t, w, true), lower = Rim(t, w, false);
            Vector2 rim = upper + (lower - upper) * v;
            return Surface(rim.x, rim.y, lift + 0.5f * Out(w), w);
        }

        private static float Out(FaceWeights w) { return 0.06f * w["mouthPucker"] + 0.04f * w["mouthFunnel"]; }

        // The edge of the mouth at t, -1 at the person's right corner to 1 at the left.
        private static Vector2 Rim(float t, FaceWeights w, bool upper)
        {
            float side = t >= 0 ? 1 : -1, smile = w.Of("mouthSmile", side), arch = 1 - t * t;
            float wide = 0.215f + 0.075f * smile + 0.07f * w.Of("mouthStretch", side) + 0.03f * w.Of("mouthDimple", side);
            wide -= 0.015f * (w["jawOpen"] + w.Of("mouthPress", side)) + 0.11f * w["mouthPucker"] + 0.06f * w["mouthFunnel"];
            float corner = 0.02f + 0.1f * smile - 0.1f * w.Of("mouthFrown", side) + 0.02f * w.Of("mouthDimple", side) - 0.03f * w.Of("mouthStretch", side);
            float y = corner * t * t - 0.035f * smile * arch;
            if (upper) y += arch * (0.008f + 0.05f * w.Of("mouthUpperUp", side) + 0.03f * (w["mouthFunnel"] + w["mouthShrugUpper"]));
            else
            {
                y -= arch * (0.008f + 0.23f * w["jawOpen"] + 0.06f * w.Of("mouthLowerDown", side) + 0.03f * w["mouthFunnel"]);
                // Alone it would pass the upper lip: as with ARKit it undoes what the open jaw does.
                y += arch * (0.035f * w["mouthShrugLower"] + 0.2f * w["mouthClose"]);
            }
            float shift = 0.07f * (w["mouthLeft"] - w["mouthRight"]) + 0.05f * (w["jawLeft"] - w["jawRight"]);
            return new Vector2(wide * t + shift, MouthY + y);
        }

        private static float Bump(float x, float y, FaceWeights w)
        {
            float sum = 0.115f * Bell(x / 0.075f) * Bell((y + 0.13f) / 0.085f);
            foreach (float side in new[] { 1f, -1f })
            {
                float full = 0.055f * w.Of("mouthSmile", side) + 0.05f * w.Of("cheekSquint", side) + 0.13f * w["cheekPuff"];
                sum += full * Bell((x - 0.47f * side) / 0.2f) * Bell((y + 0.24f) / 0.17f);
                sum += 0.035f * w.Of("noseSneer", side) * Bell((x - 0.09f * side) / 0.07f) * Bell((y + 0.1f) / 0.1f);
            }
            return sum;
        }

        private static float Bell(float x) { return Mathf.Exp(-x * x); }

        private static Vector3 Surface(float x, float y, float lift, FaceWeights w)
        {
            float wide = 1 + 0.05f * Bell((y / Skull.y + 0.3f) / 0.35f);
            float across = x / (Skull.x * wide), up = y / Skull.y;
            return new Vector3(x, y, Skull.z * Mathf.Sqrt(Mathf.Max(1 - across * across - up * up, 0)) + Bump(x, y, w) + lift);
        }

        private static Vector3 Lid(float u, float degrees, float side)
        {
            float across = 88 * Mathf.PI / 180 * (2 * u - 1), up = degrees * Mathf.PI / 180;
            return Socket(side, Mathf.Sin(across), Mathf.Cos(across) * Mathf.Sin(up), Mathf.Cos(across) * Mathf.Cos(up), 1.085f);
        }

        private static Vector3 Socket(float side, float x, float y, float z, float scale)
        {
            Vector3 middle = Surface(EyeAt.x * side, EyeAt.y, -0.115f, new FaceWeights());
            return middle + new Vector3(x * Ball.x, y * Ball.y, z * Ball.z) * scale;
        }
    }
}
