// Stand-ins for Unity's objects, alive enough to run components frame by frame.
using System;
using System.Collections;
using System.Collections.Generic;

namespace UnityEngine
{
    public class Object
    {
        internal static readonly List<Object> All = new List<Object>();
        internal bool Destroyed;
        public string name { get; set; }
        public HideFlags hideFlags { get; set; }
        public Object() { All.Add(this); }
        public static void Destroy(Object thing) { Stage.Destroy(thing); }
        public static void Destroy(Object thing, float delay) { Stage.Destroy(thing); }
        public static void DestroyImmediate(Object thing) { Stage.Destroy(thing); }
        public static void DontDestroyOnLoad(Object thing) { }
        internal static T Any<T>() where T : Object
        {
            foreach (Object thing in All) if (thing is T && thing) return (T)thing;
            return null;
        }
        public static T FindAnyObjectByType<T>() where T : Object { return Any<T>(); }
        internal static T[] Every<T>() where T : Object
        {
            var found = new List<T>();
            foreach (Object thing in All) if (thing is T && thing) found.Add((T)thing);
            return found.ToArray();
        }
        public static T Instantiate<T>(T original) where T : Object { return original; }
        public static implicit operator bool(Object thing) { return !ReferenceEquals(thing, null) && !thing.Destroyed; }
        public static bool operator ==(Object a, Object b)
        {
            if (ReferenceEquals(a, b)) return true;
            return !(bool)a && !(bool)b;
        }
        public static bool operator !=(Object a, Object b) { return !(a == b); }
        public override bool Equals(object other) { return ReferenceEquals(this, other); }
        public override int GetHashCode() { return base.GetHashCode(); }
    }

    [Flags]
    public enum HideFlags { None = 0, HideInHierarchy = 1, DontSave = 52, HideAndDontSave = 61 }

    public class Component : Object
    {
        public GameObject gameObject { get; internal set; }
        public Transform transform { get { return gameObject.transform; } }
        public string tag { get; set; }
        public T GetComponent<T>() { return gameObject.GetComponent<T>(); }
        public T GetComponentInParent<T>() { return gameObject.GetComponentInParent<T>(); }
        public T GetComponentInChildren<T>() { return gameObject.GetComponent<T>(); }
        public T[] GetComponents<T>() { return gameObject.GetComponents<T>(); }
    }

    public class Behaviour : Component
    {
        private bool _enabled = true;
        public bool enabled { get { return _enabled; } set { if (_enabled != value) { _enabled = value; Stage.Switched(this, value); } } }
        public bool isActiveAndEnabled { get { return _enabled && gameObject && gameObject.activeSelf; } }
    }

    public class MonoBehaviour : Behaviour
    {
        public Coroutine StartCoroutine(IEnumerator routine) { return Stage.Begin(this, routine); }
        public void StopCoroutine(Coroutine routine) { Stage.End(routine); }
        public void StopAllCoroutines() { }
        public bool runInEditMode { get; set; }
        public bool useGUILayout { get; set; }
    }

    public class ScriptableObject : Object
    {
        public static T CreateInstance<T>() where T : ScriptableObject, new() { return new T(); }
    }

    public class YieldInstruction { }
    public sealed class Coroutine : YieldInstruction { internal IEnumerator Routine; }
    public sealed class WaitForSeconds : YieldInstruction { public WaitForSeconds(float seconds) { } }

    public sealed class GameObject : Object
    {
        internal readonly List<Component> Parts = new List<Component>();
        public Transform transform { get; private set; }
        public bool activeSelf { get; private set; }
        public int layer { get; set; }
        public string tag { get; set; }
        public GameObject() : this("GameObject") { }
        public GameObject(string name) { this.name = name; activeSelf = true; transform = AddComponent<Transform>(); }
        public SceneManagement.Scene scene { get { return new SceneManagement.Scene(); } }
        public void SetActive(bool value)
        {
            if (activeSelf == value) return;
            activeSelf = value;
            foreach (Component part in Parts.ToArray()) Stage.Shown(part);
        }
        public T AddComponent<T>() where T : Component { return (T)AddComponent(typeof(T)); }
        public Component AddComponent(Type type)
        {
            var part = (Component)Activator.CreateInstance(type, true);
            part.gameObject = this;
            part.name = name;
            Parts.Add(part);
            Stage.Added(part);
            return part;
        }
        public T GetComponent<T>()
        {
            foreach (Component part in Parts) if (part is T && part) return (T)(object)part;
            return default(T);
        }
        public T[] GetComponents<T>()
        {
            var found = new List<T>();
            foreach (Component part in Parts) if (part is T) found.Add((T)(object)part);
            return found.ToArray();
        }
        public void GetComponentsInChildren<T>(bool includeInactive, List<T> results)
        {
            results.Clear();
            Collect(includeInactive, results);
        }
        private void Collect<T>(bool includeInactive, List<T> results)
        {
            if (!includeInactive && !activeSelf) return;
            foreach (Component part in Parts) if (part is T) results.Add((T)(object)part);
            foreach (Transform child in transform) child.gameObject.Collect(includeInactive, results);
        }
        public T GetComponentInParent<T>()
        {
            for (Transform t = transform; t != null; t = t.parent)
            {
                T found = t.gameObject.GetComponent<T>();
                if (!ReferenceEquals(found, null)) return found;
            }
            return default(T);
        }
        public static GameObject CreatePrimitive(PrimitiveType type)
        {
            var made = new GameObject(type.ToString());
            made.AddComponent<MeshFilter>();
            made.AddComponent<MeshRenderer>();
            return made;
        }
        public static GameObject Find(string name)
        {
            foreach (Object thing in All) if (thing is GameObject && thing && thing.name == name) return (GameObject)thing;
            return null;
        }
    }

    public enum PrimitiveType { Sphere, Capsule, Cylinder, Cube, Plane, Quad }
    public enum Space { World, Self }

    public class Transform : Component, IEnumerable
    {
        private readonly List<Transform> _children = new List<Transform>();
        private Transform _parent;
        public Vector3 position { get; set; }
        public Vector3 localPosition { get { return position; } set { position = value; } }
        public Vector3 localScale { get; set; }
        public Vector3 eulerAngles { get; set; }
        public Vector3 localEulerAngles { get; set; }
        public Quaternion rotation { get; set; }
        public Quaternion localRotation { get; set; }
        public Vector3 forward { get { return Vector3.forward; } }
        public Vector3 right { get { return Vector3.right; } }
        public int GetSiblingIndex() { return _parent == null ? 0 : _parent._children.IndexOf(this); }
        public int childCount { get { return _children.Count; } }
        public Transform() { localScale = Vector3.one; rotation = Quaternion.identity; }
        public Transform parent { get { return _parent; } set { SetParent(value); } }
        public void SetParent(Transform parent) { SetParent(parent, true); }
        public void SetParent(Transform parent, bool worldPositionStays)
        {
            if (_parent != null) _parent._children.Remove(this);
            _parent = parent;
            if (parent != null) parent._children.Add(this);
        }
        public Transform GetChild(int index) { return _children[index]; }
        public Transform Find(string name) { return _children.Find(child => child.name == name); }
        public void Rotate(float x, float y, float z) { }
        public void Rotate(Vector3 axis, float angle) { }
        public void Translate(Vector3 way) { position += way; }
        public void LookAt(Transform target) { }
        public void LookAt(Vector3 target) { }
        public IEnumerator GetEnumerator() { return _children.GetEnumerator(); }
    }
}
