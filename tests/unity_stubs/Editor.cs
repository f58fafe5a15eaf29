// Stand-ins for UnityEditor.
using System;
using UnityEngine;
using Object = UnityEngine.Object;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName) { }
        public MenuItem(string itemName, bool isValidateFunction, int priority) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CustomEditor : Attribute
    {
        public CustomEditor(Type inspectedType) { }
        public CustomEditor(Type inspectedType, bool editorForChildClasses) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class InitializeOnLoadAttribute : Attribute { }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class InitializeOnLoadMethodAttribute : Attribute { }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class FilePathAttribute : Attribute
    {
        public enum Location { PreferencesFolder, ProjectFolder }
        public FilePathAttribute(string relativePath, Location location) { }
    }

    public class ScriptableSingleton<T> : ScriptableObject where T : ScriptableObject, new()
    {
        private static T _instance;
        public static T instance { get { return _instance ? _instance : _instance = new T(); } }
        protected virtual void Save(bool saveAsText) { }
    }

    [AttributeUsage(AttributeTargets.Class)]
    public sealed class CanEditMultipleObjects : Attribute { }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class SettingsProviderAttribute : Attribute { }

    public enum SettingsScope { User, Project }

    public class SettingsProvider
    {
        public SettingsProvider(string path, SettingsScope scopes) { }
        public string label { get; set; }
        public Action<string> guiHandler { get; set; }
        public System.Collections.Generic.IEnumerable<string> keywords { get; set; }
    }

    public class Editor : ScriptableObject
    {
        public Object target { get; set; }
        public Object[] targets { get; set; }
        public SerializedObject serializedObject { get; set; }
        public virtual void OnInspectorGUI() { }
        public virtual bool RequiresConstantRepaint() { return false; }
        public bool DrawDefaultInspector() { return false; }
        public void Repaint() { }
        public static void CreateCachedEditor(Object thing, Type kind, ref Editor last) { last = new Editor { target = thing }; }
    }

    public class EditorWindow : ScriptableObject
    {
        public GUIContent titleContent { get; set; }
        public Vector2 minSize { get; set; }
        public Rect position { get; set; }
        public static T GetWindow<T>() where T : EditorWindow { return default(T); }
        public static T GetWindow<T>(string title) where T : EditorWindow { return default(T); }
        public void Repaint() { }
        public void Show() { }
    }

    public enum MessageType { None, Info, Warning, Error }

    public static class EditorGUILayout
    {
        public static void LabelField(string label, params GUILayoutOption[] options) { }
        public static void LabelField(string label, string value, params GUILayoutOption[] options) { }
        public static void LabelField(string label, GUIStyle style, params GUILayoutOption[] options) { }
        public static void HelpBox(string message, MessageType type) { }
        public static bool PropertyField(SerializedProperty property, params GUILayoutOption[] options) { return false; }
        public static void Space() { }
        public static Rect GetControlRect(params GUILayoutOption[] options) { return new Rect(0, 0, 100, 18); }
        public static Rect GetControlRect(bool hasLabel, float height, params GUILayoutOption[] options) { return new Rect(0, 0, 100, height); }
        public static string TextField(string label, string value, params GUILayoutOption[] options) { return value; }
        public static int IntField(string label, int value, params GUILayoutOption[] options) { return value; }
        public static bool Toggle(string label, bool value, params GUILayoutOption[] options) { return value; }
        public static float Slider(string label, float value, float left, float right, params GUILayoutOption[] options) { return value; }
        public static bool Foldout(bool open, string label) { return open; }
        public static Object ObjectField(string label, Object value, Type type, bool allowSceneObjects, params GUILayoutOption[] options) { return value; }
        public static Vector2 BeginScrollView(Vector2 position, params GUILayoutOption[] options) { return position; }
        public static void EndScrollView() { }
        public static Rect BeginHorizontal(params GUILayoutOption[] options) { return new Rect(); }
        public static void EndHorizontal() { }
    }

    public static class EditorGUI
    {
        public static void ProgressBar(Rect place, float value, string text) { }
        public static void DrawRect(Rect place, Color color) { }
        public static void LabelField(Rect place, string label) { }
        public static void LabelField(Rect place, string label, GUIStyle style) { }
        public static int indentLevel { get; set; }

        public sealed class DisabledScope : IDisposable
        {
            public DisabledScope(bool disabled) { }
            public void Dispose() { }
        }
    }

    public static class EditorStyles
    {
        public static GUIStyle boldLabel { get { return new GUIStyle(); } }
        public static GUIStyle miniLabel { get { return new GUIStyle(); } }
        public static GUIStyle label { get { return new GUIStyle(); } }
        public static GUIStyle helpBox { get { return new GUIStyle(); } }
        public static GUIStyle wordWrappedLabel { get { return new GUIStyle(); } }
    }

    public class SerializedObject
    {
        public SerializedObject(Object thing) { }
        public SerializedProperty FindProperty(string path) { return null; }
        public void Update() { }
        public bool ApplyModifiedProperties() { return false; }
    }

    public class SerializedProperty
    {
        public string stringValue { get; set; }
        public int intValue { get; set; }
        public float floatValue { get; set; }
        public bool boolValue { get; set; }
        public Object objectReferenceValue { get; set; }
    }

    public enum PlayModeStateChange { EnteredEditMode, ExitingEditMode, EnteredPlayMode, ExitingPlayMode }

    public static class EditorApplication
    {
        public delegate void CallbackFunction();
        public static CallbackFunction update;
        public static CallbackFunction delayCall;
        public static event Action quitting { add { } remove { } }
        public static event Action<PlayModeStateChange> playModeStateChanged { add { } remove { } }
        public static bool isPlaying { get; set; }
        public static double timeSinceStartup { get { return Time.time; } }
    }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();
        public static event AssemblyReloadCallback beforeAssemblyReload { add { } remove { } }
    }

    public static class EditorUtility
    {
        public static void SetDirty(Object thing) { }
        public static bool DisplayDialog(string title, string message, string ok) { return true; }
        public static string OpenFilePanel(string title, string directory, string extension) { return ""; }
    }

    public static class Undo
    {
        public static void RegisterCreatedObjectUndo(Object thing, string name) { }
        public static void RecordObject(Object thing, string name) { }
    }

    public static class Selection { public static Object activeObject { get; set; } public static GameObject activeGameObject { get; set; } }

    public static class AssetDatabase
    {
        public static void CreateAsset(Object asset, string path) { }
        public static void SaveAssets() { }
        public static T LoadAssetAtPath<T>(string path) where T : Object { return null; }
        public static string[] FindAssets(string filter) { return new string[0]; }
        public static string GUIDToAssetPath(string guid) { return ""; }
        public static string GenerateUniqueAssetPath(string path) { return path; }
    }

    public static class EditorPrefs
    {
        public static string GetString(string key, string fallback) { return fallback; }
        public static void SetString(string key, string value) { }
        public static int GetInt(string key, int fallback) { return fallback; }
        public static void SetInt(string key, int value) { }
        public static bool GetBool(string key, bool fallback) { return fallback; }
        public static void SetBool(string key, bool value) { }
    }
}

namespace UnityEditor.SceneManagement
{
    public enum NewSceneSetup { EmptyScene, DefaultGameObjects }
    public enum NewSceneMode { Single, Additive }

    public static class EditorSceneManager
    {
        public static UnityEngine.SceneManagement.Scene NewScene(NewSceneSetup setup, NewSceneMode mode)
        {
            return new UnityEngine.SceneManagement.Scene();
        }
        public static bool SaveCurrentModifiedScenesIfUserWantsTo() { return true; }
        public static bool MarkSceneDirty(UnityEngine.SceneManagement.Scene scene) { return true; }
    }
}

namespace UnityEditor.PackageManager
{
    public class PackageInfo
    {
        public string name { get { return "com.sentio.unity"; } }
        public string version { get { return "0.1.0"; } }
        public static PackageInfo FindForAssembly(System.Reflection.Assembly assembly) { return new PackageInfo(); }
    }
}

namespace UnityEditor.PackageManager.UI
{
    public struct Sample
    {
        public string displayName { get { return "Demos"; } }
        public bool isImported { get { return false; } }
        public bool Import() { return true; }
        public static System.Collections.Generic.IEnumerable<Sample> FindByPackage(string packageName, string packageVersion)
        {
            return new[] { new Sample() };
        }
    }
}
