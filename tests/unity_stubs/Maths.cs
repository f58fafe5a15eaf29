// Stand-ins for Unity's values and mathematics.
using System;

namespace UnityEngine
{
    public struct Vector2
    {
        public float x, y;
        public Vector2(float x, float y) { this.x = x; this.y = y; }
        public static Vector2 zero { get { return new Vector2(0, 0); } }
        public static Vector2 one { get { return new Vector2(1, 1); } }
        public float magnitude { get { return (float)Math.Sqrt(x * x + y * y); } }
        public static Vector2 operator +(Vector2 a, Vector2 b) { return new Vector2(a.x + b.x, a.y + b.y); }
        public static Vector2 operator -(Vector2 a, Vector2 b) { return new Vector2(a.x - b.x, a.y - b.y); }
        public static Vector2 operator *(Vector2 a, float k) { return new Vector2(a.x * k, a.y * k); }
    }

    public struct Vector3
    {
        public float x, y, z;
        public Vector3(float x, float y, float z) { this.x = x; this.y = y; this.z = z; }
        public Vector3(float x, float y) { this.x = x; this.y = y; z = 0; }
        public static Vector3 zero { get { return new Vector3(0, 0, 0); } }
        public static Vector3 one { get { return new Vector3(1, 1, 1); } }
        public static Vector3 up { get { return new Vector3(0, 1, 0); } }
        public static Vector3 right { get { return new Vector3(1, 0, 0); } }
        public static Vector3 forward { get { return new Vector3(0, 0, 1); } }
        public float sqrMagnitude { get { return x * x + y * y + z * z; } }
        public float magnitude { get { return (float)Math.Sqrt(sqrMagnitude); } }
        public Vector3 normalized { get { return magnitude > 1e-5f ? this * (1 / magnitude) : zero; } }
        public static float Distance(Vector3 a, Vector3 b) { return (a - b).magnitude; }
        public static Vector3 Lerp(Vector3 a, Vector3 b, float t) { return a + (b - a) * Mathf.Clamp01(t); }
        public static Vector3 MoveTowards(Vector3 a, Vector3 b, float most)
        {
            Vector3 way = b - a;
            return way.magnitude <= most ? b : a + way.normalized * most;
        }
        public static Vector3 operator +(Vector3 a, Vector3 b) { return new Vector3(a.x + b.x, a.y + b.y, a.z + b.z); }
        public static Vector3 operator -(Vector3 a, Vector3 b) { return new Vector3(a.x - b.x, a.y - b.y, a.z - b.z); }
        public static Vector3 operator -(Vector3 a) { return new Vector3(-a.x, -a.y, -a.z); }
        public static Vector3 operator *(Vector3 a, float k) { return new Vector3(a.x * k, a.y * k, a.z * k); }
        public static Vector3 operator *(float k, Vector3 a) { return a * k; }
        public static Vector3 operator /(Vector3 a, float k) { return a * (1 / k); }
    }

    public struct Vector4
    {
        public float x, y, z, w;
        public Vector4(float x, float y, float z, float w) { this.x = x; this.y = y; this.z = z; this.w = w; }
    }

    public struct Vector2Int
    {
        public int x { get; set; }
        public int y { get; set; }
        public Vector2Int(int x, int y) { this.x = x; this.y = y; }
    }

    public struct Vector3Int
    {
        public int x { get; set; }
        public int y { get; set; }
        public int z { get; set; }
        public Vector3Int(int x, int y, int z) { this.x = x; this.y = y; this.z = z; }
    }

    public struct Matrix4x4
    {
        internal float Factor;
        public static Matrix4x4 Scale(Vector3 scale) { return new Matrix4x4 { Factor = scale.x }; }
    }

    public struct Quaternion
    {
        public float x, y, z, w;
        public static Quaternion identity { get { return new Quaternion { w = 1 }; } }
        public static Quaternion Euler(float x, float y, float z) { return new Quaternion { x = x, y = y, z = z, w = 1 }; }
        public static Quaternion LookRotation(Vector3 forward) { return identity; }
        public static Quaternion Slerp(Quaternion a, Quaternion b, float t) { return b; }
        public static Quaternion operator *(Quaternion a, Quaternion b) { return a; }
        public static Vector3 operator *(Quaternion a, Vector3 v) { return v; }
    }

    public struct Color
    {
        public float r, g, b, a;
        public Color(float r, float g, float b) : this(r, g, b, 1) { }
        public Color(float r, float g, float b, float a) { this.r = r; this.g = g; this.b = b; this.a = a; }
        public static Color white { get { return new Color(1, 1, 1); } }
        public static Color black { get { return new Color(0, 0, 0); } }
        public static Color grey { get { return new Color(.5f, .5f, .5f); } }
        public static Color clear { get { return new Color(0, 0, 0, 0); } }
        public static Color Lerp(Color p, Color q, float t)
        {
            t = Mathf.Clamp01(t);
            return new Color(p.r + (q.r - p.r) * t, p.g + (q.g - p.g) * t, p.b + (q.b - p.b) * t, p.a + (q.a - p.a) * t);
        }
        public static Color HSVToRGB(float h, float s, float v) { return new Color(v, v * (1 - s), v * (1 - s)); }
        public Color linear { get { return new Color(ToLinear(r), ToLinear(g), ToLinear(b), a); } }
        public Color gamma { get { return new Color(ToGamma(r), ToGamma(g), ToGamma(b), a); } }
        private static float ToLinear(float v) { return v <= 0.04045f ? v / 12.92f : (float)Math.Pow((v + 0.055) / 1.055, 2.4); }
        private static float ToGamma(float v) { return v <= 0.0031308f ? v * 12.92f : (float)(1.055 * Math.Pow(v, 1 / 2.4) - 0.055); }
        public static Color operator *(Color c, float k) { return new Color(c.r * k, c.g * k, c.b * k, c.a * k); }
    }

    public struct Color32
    {
        public byte r, g, b, a;
        public Color32(byte r, byte g, byte b, byte a) { this.r = r; this.g = g; this.b = b; this.a = a; }
        public static implicit operator Color(Color32 c) { return new Color(c.r / 255f, c.g / 255f, c.b / 255f, c.a / 255f); }
    }

    public struct Rect
    {
        public float x, y, width, height;
        public Rect(float x, float y, float width, float height)
        {
            this.x = x; this.y = y; this.width = width; this.height = height;
        }
        public float xMax { get { return x + width; } }
        public float yMax { get { return y + height; } }
        public bool Contains(Vector2 point) { return point.x >= x && point.x < xMax && point.y >= y && point.y < yMax; }
    }

    public static class Mathf
    {
        public const float PI = (float)Math.PI;
        public const float Infinity = float.PositiveInfinity;
        public static float Abs(float v) { return Math.Abs(v); }
        public static float Min(float a, float b) { return Math.Min(a, b); }
        public static float Max(float a, float b) { return Math.Max(a, b); }
        public static int Min(int a, int b) { return Math.Min(a, b); }
        public static int Max(int a, int b) { return Math.Max(a, b); }
        public static float Sin(float v) { return (float)Math.Sin(v); }
        public static float Cos(float v) { return (float)Math.Cos(v); }
        public static float Sqrt(float v) { return (float)Math.Sqrt(v); }
        public static float Pow(float v, float p) { return (float)Math.Pow(v, p); }
        public static float Exp(float v) { return (float)Math.Exp(v); }
        public static float Floor(float v) { return (float)Math.Floor(v); }
        public static float Repeat(float t, float length) { return t - Floor(t / length) * length; }
        public static int RoundToInt(float v) { return (int)Math.Round(v); }
        public static int FloorToInt(float v) { return (int)Math.Floor(v); }
        public static int CeilToInt(float v) { return (int)Math.Ceiling(v); }
        public static float Clamp(float v, float min, float max) { return v < min ? min : v > max ? max : v; }
        public static int Clamp(int v, int min, int max) { return v < min ? min : v > max ? max : v; }
        public static float Clamp01(float v) { return Clamp(v, 0, 1); }
        public static float Lerp(float a, float b, float t) { return a + (b - a) * Clamp01(t); }
        public static float InverseLerp(float a, float b, float v) { return a == b ? 0 : Clamp01((v - a) / (b - a)); }
        public static float MoveTowards(float a, float b, float most) { return Abs(b - a) <= most ? b : a + Math.Sign(b - a) * most; }
        public static float SmoothStep(float a, float b, float t) { t = Clamp01(t); return Lerp(a, b, t * t * (3 - 2 * t)); }
        public static float PerlinNoise(float x, float y) { return .5f + .5f * Sin(12.9898f * x + 78.233f * y); }
        public static bool Approximately(float a, float b) { return Abs(a - b) < 1e-6f; }
    }

    public struct Keyframe
    {
        public float time, value;
        public Keyframe(float time, float value) { this.time = time; this.value = value; }
    }

    public struct GradientColorKey
    {
        public Color color;
        public float time;
        public GradientColorKey(Color color, float time) { this.color = color; this.time = time; }
    }

    public struct GradientAlphaKey
    {
        public float alpha, time;
        public GradientAlphaKey(float alpha, float time) { this.alpha = alpha; this.time = time; }
    }

    public class Gradient
    {
        public GradientColorKey[] colorKeys { get; set; }
        public GradientAlphaKey[] alphaKeys { get; set; }
        public Gradient()
        {
            colorKeys = new[] { new GradientColorKey(Color.white, 0), new GradientColorKey(Color.white, 1) };
            alphaKeys = new[] { new GradientAlphaKey(1, 0), new GradientAlphaKey(1, 1) };
        }
        public void SetKeys(GradientColorKey[] colours, GradientAlphaKey[] alphas) { colorKeys = colours; alphaKeys = alphas; }
        public Color Evaluate(float time)
        {
            GradientColorKey[] k = colorKeys;
            if (time <= k[0].time) return k[0].color;
            for (int i = 1; i < k.Length; i++)
                if (time <= k[i].time) return Color.Lerp(k[i - 1].color, k[i].color, Mathf.InverseLerp(k[i - 1].time, k[i].time, time));
            return k[k.Length - 1].color;
        }
    }

    /// <summary>Straight lines between the keys; Unity draws splines.</summary>
    public class AnimationCurve
    {
        public Keyframe[] keys { get; set; }
        public int length { get { return keys.Length; } }
        public AnimationCurve(params Keyframe[] keys) { this.keys = keys; }
        public static AnimationCurve Linear(float t0, float v0, float t1, float v1)
        {
            return new AnimationCurve(new Keyframe(t0, v0), new Keyframe(t1, v1));
        }
        public static AnimationCurve EaseInOut(float t0, float v0, float t1, float v1) { return Linear(t0, v0, t1, v1); }
        public float Evaluate(float time)
        {
            if (keys.Length == 0) return 0;
            if (time <= keys[0].time) return keys[0].value;
            for (int i = 1; i < keys.Length; i++)
                if (time <= keys[i].time)
                    return Mathf.Lerp(keys[i - 1].value, keys[i].value, Mathf.InverseLerp(keys[i - 1].time, keys[i].time, time));
            return keys[keys.Length - 1].value;
        }
    }
}
