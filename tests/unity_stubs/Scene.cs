// Stand-ins for what is seen and audible in a scene.
using System.Collections.Generic;

namespace UnityEngine
{
    public class Renderer : Component
    {
        public bool enabled { get; set; }
        public Material material { get; set; }
        public Material[] sharedMaterials { get; set; }
        public Material sharedMaterial { get { return material; } set { material = value; } }
        public int sortingOrder { get; set; }
        public Renderer() { material = new Material((Shader)null); enabled = true; }
    }

    public class MeshRenderer : Renderer { }

    public sealed class Sprite : Object
    {
        public static Sprite Create(Texture2D texture, Rect rect, Vector2 pivot, float pixelsPerUnit) { return new Sprite(); }
    }

    public sealed class SpriteRenderer : Renderer
    {
        public Sprite sprite { get; set; }
        public Color color { get; set; }
    }

    public sealed class Font : Object { public Material material { get; set; } }

    public sealed class TextMesh : Component
    {
        public string text { get; set; }
        public Font font { get; set; }
        public int fontSize { get; set; }
        public float characterSize { get; set; }
        public TextAnchor anchor { get; set; }
        public bool richText { get; set; }
        public Color color { get; set; }
    }

    public class MeshFilter : Component
    {
        public Mesh mesh { get; set; }
        public Mesh sharedMesh { get { return mesh; } set { mesh = value; } }
    }

    public class SkinnedMeshRenderer : Renderer
    {
        private readonly Dictionary<int, float> _weights = new Dictionary<int, float>();
        public Mesh sharedMesh { get; set; }
        public float GetBlendShapeWeight(int index) { float w; return _weights.TryGetValue(index, out w) ? w : 0; }
        public void SetBlendShapeWeight(int index, float weight) { _weights[index] = weight; }
    }

    public class Mesh : Object
    {
        private readonly List<string> _shapes = new List<string>();
        private readonly List<Vector3[]> _moved = new List<Vector3[]>();
        private readonly Dictionary<int, int[]> _parts = new Dictionary<int, int[]>();
        public int subMeshCount { get; set; }
        public void SetTriangles(int[] corners, int part) { _parts[part] = corners; }
        public int[] GetTriangles(int part) { return _parts[part]; }
        public int GetBlendShapeFrameCount(int shape) { return 1; }
        public void GetBlendShapeFrameVertices(int shape, int frame, Vector3[] vertices, Vector3[] normals, Vector3[] tangents)
        {
            _moved[shape].CopyTo(vertices, 0);
        }
        public Vector3[] vertices { get; set; }
        public Vector3[] normals { get; set; }
        public int[] triangles { get; set; }
        public Color[] colors { get; set; }
        public int vertexCount { get { return vertices == null ? 0 : vertices.Length; } }
        public int blendShapeCount { get { return _shapes.Count; } }
        public int GetBlendShapeIndex(string shape) { return _shapes.IndexOf(shape); }
        public string GetBlendShapeName(int index) { return _shapes[index]; }
        public void AddBlendShapeFrame(string shape, float weight, Vector3[] vertices, Vector3[] normals, Vector3[] tangents)
        {
            _shapes.Add(shape);
            _moved.Add((Vector3[])vertices.Clone());
        }
        public void RecalculateNormals() { }
        public void RecalculateBounds() { }
        public void Clear() { _shapes.Clear(); }
    }

    public class TextAsset : Object
    {
        private readonly byte[] _bytes;
        public TextAsset(string text) { _bytes = System.Text.Encoding.UTF8.GetBytes(text); }
        /// <summary>For tests: Unity imports bytes, code cannot make them.</summary>
        internal TextAsset(byte[] bytes) { _bytes = bytes; }
        public byte[] bytes { get { return _bytes; } }
        public string text { get { return System.Text.Encoding.UTF8.GetString(_bytes); } }
    }

    public class Shader : Object { public static Shader Find(string name) { return new Shader { name = name }; } }

    public class Material : Object
    {
        public Color color { get; set; }
        public Shader shader { get; set; }
        public Material(Shader shader) { this.shader = shader; }
        public Material(Material source) { color = source.color; }
        public void SetColor(string name, Color value) { color = value; }
        public void SetFloat(string name, float value) { }
        public bool HasProperty(string name) { return true; }
        public void EnableKeyword(string keyword) { }
    }

    public enum LightType { Spot, Directional, Point }
    public enum LightShadows { None, Hard, Soft }

    public sealed class Light : Behaviour
    {
        public LightType type { get; set; }
        public Color color { get; set; }
        public float intensity { get; set; }
        public float range { get; set; }
        public LightShadows shadows { get; set; }
    }

    public enum CameraClearFlags { Skybox = 1, SolidColor = 2 }

    public sealed class Camera : Behaviour
    {
        public static Camera main { get { return Object.FindAnyObjectByType<Camera>(); } }
        public Color backgroundColor { get; set; }
        public CameraClearFlags clearFlags { get; set; }
        public float fieldOfView { get; set; }
        public bool orthographic { get; set; }
        public float orthographicSize { get; set; }
        public Vector3 WorldToScreenPoint(Vector3 point) { return point; }
        public Ray ScreenPointToRay(Vector3 point) { return new Ray(); }
    }

    public struct Ray
    {
        public Vector3 origin { get; set; }
        public Vector3 direction { get; set; }
        public Vector3 GetPoint(float distance) { return origin + direction * distance; }
    }

    public sealed class AudioListener : Behaviour { }

    public sealed class AudioSource : Behaviour
    {
        public AudioClip clip { get; set; }
        public float volume { get; set; }
        public float pitch { get; set; }
        public bool loop { get; set; }
        public bool isPlaying { get; private set; }
        public float spatialBlend { get; set; }
        public bool playOnAwake { get; set; }
        public void Play() { isPlaying = true; }
        public void Stop() { isPlaying = false; }
        public void PlayOneShot(AudioClip clip, float volume) { }
    }

    public sealed class AudioClip : Object
    {
        public delegate void PCMReaderCallback(float[] data);
        public static AudioClip Create(string name, int samples, int channels, int frequency, bool stream) { return new AudioClip(); }
        public bool SetData(float[] data, int offset) { return true; }
    }

    public static class AudioSettings
    {
        public static int outputSampleRate { get { return 48000; } }
        public static double dspTime { get { return Time.time; } }
    }

    public class Collider : Component { public bool isTrigger { get; set; } }
    public class BoxCollider : Collider { }
    public class SphereCollider : Collider { public float radius { get; set; } }

    public class Rigidbody : Component
    {
        public Vector3 position { get; set; }
        public bool isKinematic { get; set; }
        public bool useGravity { get; set; }
        public void MovePosition(Vector3 place) { position = place; }
    }

    public sealed class ParticleSystem : Component
    {
        public struct MainModule { public float startLifetimeMultiplier { get; set; } public float simulationSpeed { get; set; } }
        public struct EmissionModule { public float rateOverTimeMultiplier { get; set; } public bool enabled { get; set; } }
        public MainModule main { get { return new MainModule(); } }
        public EmissionModule emission { get { return new EmissionModule(); } }
        public void Play() { }
        public void Stop() { }
    }
}
