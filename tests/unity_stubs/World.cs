// Stand-ins for Unity's statics; the tests set the time.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public static class Time
    {
        public static float deltaTime { get; set; }
        public static float unscaledDeltaTime { get; set; }
        public static float time { get; set; }
        public static float unscaledTime { get; set; }
        public static double timeAsDouble { get { return time; } }
        public static double unscaledTimeAsDouble { get { return unscaledTime; } }
        public static double realtimeSinceStartupAsDouble { get { return unscaledTime; } }
        public static float realtimeSinceStartup { get { return unscaledTime; } }
        public static float timeScale { get; set; }
        public static int frameCount { get; set; }
    }

    public enum RuntimePlatform
    {
        OSXEditor = 0, OSXPlayer = 1, WindowsPlayer = 2, WindowsEditor = 7, IPhonePlayer = 8, Android = 11,
        LinuxPlayer = 13, LinuxEditor = 16, WebGLPlayer = 17,
    }

    public static class Application
    {
        public static bool isPlaying { get; set; }
        public static bool isEditor { get; set; }
        public static bool isFocused { get { return true; } }
        public static RuntimePlatform platform { get; set; }
        public static string persistentDataPath { get { return System.IO.Path.GetTempPath(); } }
        public static string streamingAssetsPath { get { return System.IO.Path.GetTempPath(); } }
        public static string temporaryCachePath { get { return System.IO.Path.GetTempPath(); } }
        public static string dataPath { get { return System.IO.Path.GetTempPath(); } }
        public static string productName { get { return "Stage"; } }
        public static string version { get { return "1.0"; } }
        public static string unityVersion { get { return "2022.3.0f1"; } }
        public static bool runInBackground { get; set; }
        public static int targetFrameRate { get; set; }
        public static event Action quitting;
        public static void Quit() { if (quitting != null) quitting(); }
        public static void OpenURL(string url) { }
    }

    public static class PlayerPrefs
    {
        private static readonly Dictionary<string, float> Floats = new Dictionary<string, float>();
        public static bool HasKey(string key) { return Floats.ContainsKey(key); }
        public static float GetFloat(string key, float defaultValue)
        {
            float value;
            return Floats.TryGetValue(key, out value) ? value : defaultValue;
        }
        public static void SetFloat(string key, float value) { Floats[key] = value; }
        public static void DeleteKey(string key) { Floats.Remove(key); }
    }

    public static class Debug
    {
        public static bool isDebugBuild { get; set; }
        /// <summary>For tests: what was logged.</summary>
        public static readonly List<string> Lines = new List<string>();
        public static void Log(object message) { Lines.Add("log " + message); }
        public static void Log(object message, Object context) { Log(message); }
        public static void LogWarning(object message) { Lines.Add("warning " + message); }
        public static void LogWarning(object message, Object context) { LogWarning(message); }
        public static void LogError(object message) { Lines.Add("error " + message); }
        public static void LogError(object message, Object context) { LogError(message); }
        public static void LogException(Exception error) { Lines.Add("error " + error); }
        public static void LogException(Exception error, Object context) { LogException(error); }
    }

    public enum KeyCode
    {
        None, Tab, Return, Space, LeftShift, Escape, Alpha1, Alpha2, Alpha3, Alpha4, Alpha5, A, B, D, E, F, H, N, Q, R, S, W, X, UpArrow, DownArrow, LeftArrow, RightArrow, F1, F2, F3, F4, F5, F8, F9, PageUp, PageDown, KeypadEnter, JoystickButton0,
    }

    public static class Input
    {
        public static float GetAxis(string axis) { return 0; }
        /// <summary>For tests: what axes say, by their names; null if the project has none.</summary>
        public static Dictionary<string, float> Axes = new Dictionary<string, float>();
        /// <summary>For tests: which keys are held.</summary>
        public static readonly HashSet<KeyCode> Held = new HashSet<KeyCode>();
        /// <summary>For tests: which keys went down in this frame.</summary>
        public static readonly HashSet<KeyCode> Down = new HashSet<KeyCode>();
        public static float GetAxisRaw(string axis)
        {
            float value;
            if (Axes == null) throw new ArgumentException("Input Axis " + axis + " is not setup.");
            return Axes.TryGetValue(axis, out value) ? value : 0;
        }
        public static bool GetKey(KeyCode key) { return Held.Contains(key); }
        public static bool GetKeyDown(KeyCode key) { return Down.Contains(key); }
        public static bool GetMouseButton(int button) { return false; }
        public static Vector3 mousePosition { get { return Vector3.zero; } }
    }

    public static class Resources
    {
        public static T Load<T>(string path) where T : Object { return null; }
        public static T GetBuiltinResource<T>(string path) where T : Object { return null; }
        public static T[] FindObjectsOfTypeAll<T>() where T : Object { return Object.Every<T>(); }
    }

    public enum FogMode { Linear = 1, Exponential, ExponentialSquared }

    public static class RenderSettings
    {
        public static Color ambientLight { get; set; }
        public static Color fogColor { get; set; }
        public static bool fog { get; set; }
        public static float fogDensity { get; set; }
        public static FogMode fogMode { get; set; }
    }

    public static class Screen
    {
        public static int width { get; private set; } = 1280;
        public static int height { get; private set; } = 720;
        public static float dpi { get; private set; } = 96;
        /// <summary>For tests: another screen.</summary>
        public static void Set(int wide, int high, float dots) { width = wide; height = high; dpi = dots; }
    }

    public static class Random
    {
        private static readonly System.Random Source = new System.Random(1);
        public static float value { get { return (float)Source.NextDouble(); } }
        public static float Range(float min, float max) { return min + (max - min) * value; }
        public static int Range(int min, int max) { return Source.Next(min, max); }
        public static Vector3 insideUnitSphere { get { return new Vector3(Range(-1f, 1f), Range(-1f, 1f), Range(-1f, 1f)); } }
    }
}

namespace UnityEngine.Events
{
    public delegate void UnityAction();
    public delegate void UnityAction<T0>(T0 arg0);
    public delegate void UnityAction<T0, T1>(T0 arg0, T1 arg1);

    public abstract class UnityEventBase
    {
        internal int Persistent;
        public int GetPersistentEventCount() { return Persistent; }
    }

    [Serializable]
    public class UnityEvent : UnityEventBase
    {
        private UnityAction _calls;
        public void AddListener(UnityAction call) { _calls += call; }
        public void RemoveListener(UnityAction call) { _calls -= call; }
        public void Invoke() { if (_calls != null) _calls(); }
    }

    [Serializable]
    public class UnityEvent<T0> : UnityEventBase
    {
        private UnityAction<T0> _calls;
        public void AddListener(UnityAction<T0> call) { _calls += call; }
        public void RemoveListener(UnityAction<T0> call) { _calls -= call; }
        public void Invoke(T0 arg0) { if (_calls != null) _calls(arg0); }
    }

    [Serializable]
    public class UnityEvent<T0, T1> : UnityEventBase
    {
        private UnityAction<T0, T1> _calls;
        public void AddListener(UnityAction<T0, T1> call) { _calls += call; }
        public void RemoveListener(UnityAction<T0, T1> call) { _calls -= call; }
        public void Invoke(T0 arg0, T1 arg1) { if (_calls != null) _calls(arg0, arg1); }
    }
}

namespace UnityEngine.SceneManagement
{
    public struct Scene { public bool IsValid() { return true; } public string name { get { return "Stage"; } } }

    public static class SceneManager { public static Scene GetActiveScene() { return new Scene(); } }
}

namespace UnityEngine.Rendering
{
    public class RenderPipelineAsset : ScriptableObject { public virtual Material defaultMaterial { get { return null; } } }

    public static class GraphicsSettings { public static RenderPipelineAsset currentRenderPipeline { get; set; } }
}

namespace UnityEngine.XR
{
    public enum XRNode { LeftEye, RightEye, CenterEye, Head }

    public struct InputFeatureUsage<T> { }

    public static class CommonUsages
    {
        public static InputFeatureUsage<Vector3> centerEyePosition;
        public static InputFeatureUsage<Quaternion> centerEyeRotation;
    }

    public struct InputDevice
    {
        /// <summary>For tests: where a headset is; null for none.</summary>
        internal Vector3? Worn;
        public bool isValid { get { return Worn.HasValue; } }
        public bool TryGetFeatureValue(InputFeatureUsage<Vector3> usage, out Vector3 value)
        {
            value = Worn.GetValueOrDefault();
            return isValid;
        }
        public bool TryGetFeatureValue(InputFeatureUsage<Quaternion> usage, out Quaternion value)
        {
            value = Quaternion.identity;
            return isValid;
        }
    }

    public static class InputDevices
    {
        /// <summary>For tests: puts a headset on.</summary>
        public static Vector3? Headset;
        public static InputDevice GetDeviceAtXRNode(XRNode node) { return new InputDevice { Worn = Headset }; }
    }
}
