// Calls components as an engine would: Awake and OnEnable when added, Start before the first Update.
using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;

namespace UnityEngine
{
    /// <summary>Runs the components that exist, frame by frame, at a time that the test sets.</summary>
    public static class Stage
    {
        private static readonly List<MonoBehaviour> Living = new List<MonoBehaviour>();
        private static readonly HashSet<MonoBehaviour> Woken = new HashSet<MonoBehaviour>();
        private static readonly HashSet<MonoBehaviour> Started = new HashSet<MonoBehaviour>();
        private static readonly List<KeyValuePair<MonoBehaviour, Coroutine>> Routines = new List<KeyValuePair<MonoBehaviour, Coroutine>>();

        /// <summary>Forget everything; call before each test.</summary>
        public static void Reset()
        {
            foreach (MonoBehaviour part in Living.ToArray()) Destroy(part);
            Living.Clear(); Woken.Clear(); Started.Clear(); Routines.Clear();
            Object.All.Clear();
            Debug.Lines.Clear();
            Time.time = 0; Time.deltaTime = 0; Time.unscaledTime = 0; Time.unscaledDeltaTime = 0;
            Time.frameCount = 0; Time.timeScale = 1;
            Application.isPlaying = true;
            Application.isEditor = true;
            Debug.isDebugBuild = true;
            Application.platform = RuntimePlatform.LinuxEditor;
        }

        /// <summary>Render one frame, which takes these real seconds; the game's time passes by its scale.</summary>
        public static void Frame(float seconds)
        {
            Time.unscaledDeltaTime = seconds;
            Time.unscaledTime += seconds;
            Time.deltaTime = seconds * Time.timeScale;
            Time.time += Time.deltaTime;
            Time.frameCount++;
            foreach (MonoBehaviour part in Living.ToArray())
            {
                if (!part || !part.isActiveAndEnabled) continue;
                if (Started.Add(part)) Call(part, "Start");
                Call(part, "Update");
            }
            foreach (KeyValuePair<MonoBehaviour, Coroutine> entry in Routines.ToArray())
                if (entry.Key && !entry.Value.Routine.MoveNext()) Routines.Remove(entry);
            foreach (MonoBehaviour part in Living.ToArray()) if (part && part.isActiveAndEnabled) Call(part, "LateUpdate");
        }

        /// <summary>Render frames of a sixtieth of a second for so long.</summary>
        public static void Run(float seconds)
        {
            for (int frame = 0; frame < seconds * 60; frame++) Frame(1f / 60);
        }

        /// <summary>Call a message of Unity's on a component, such as OnApplicationPause.</summary>
        public static void Call(object part, string message, params object[] arguments)
        {
            const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            for (Type type = part.GetType(); type != null && type != typeof(MonoBehaviour); type = type.BaseType)
            {
                MethodInfo method = type.GetMethod(message, Any);
                if (method == null) continue;
                try { method.Invoke(part, arguments); }
                catch (TargetInvocationException error) { throw new Exception(message + " of " + type.Name, error.InnerException); }
                return;
            }
        }

        internal static void Added(Component part)
        {
            var behaviour = part as MonoBehaviour;
            if (ReferenceEquals(behaviour, null)) return;
            Living.Add(behaviour);
            if (part.gameObject.activeSelf) Wake(behaviour);
        }

        /// <summary>The part's object was switched on or off.</summary>
        internal static void Shown(Component part)
        {
            var behaviour = part as MonoBehaviour;
            if (ReferenceEquals(behaviour, null) || !behaviour) return;
            if (part.gameObject.activeSelf) Wake(behaviour);
            else if (Woken.Contains(behaviour) && behaviour.enabled) Call(behaviour, "OnDisable");
        }

        internal static void Switched(Behaviour part, bool on)
        {
            var behaviour = part as MonoBehaviour;
            if (!ReferenceEquals(behaviour, null) && Woken.Contains(behaviour) && part.gameObject.activeSelf)
                Call(part, on ? "OnEnable" : "OnDisable");
        }

        internal static void Destroy(Object thing)
        {
            if (!thing) return;
            var whole = thing as GameObject;
            if (!ReferenceEquals(whole, null)) foreach (Component part in whole.Parts) Destroy(part);
            var behaviour = thing as MonoBehaviour;
            if (!ReferenceEquals(behaviour, null))
            {
                if (Woken.Contains(behaviour))
                {
                    if (behaviour.isActiveAndEnabled) Call(behaviour, "OnDisable");
                    Call(behaviour, "OnDestroy");
                }
                Living.Remove(behaviour);
            }
            thing.Destroyed = true;
        }

        private static void Wake(MonoBehaviour behaviour)
        {
            if (!Woken.Contains(behaviour))
            {
                // While Awake runs it is not woken: switching itself off there calls nothing.
                Call(behaviour, "Awake");
                Woken.Add(behaviour);
            }
            if (behaviour && behaviour.enabled) Call(behaviour, "OnEnable");
        }

        internal static Coroutine Begin(MonoBehaviour part, IEnumerator routine)
        {
            var made = new Coroutine { Routine = routine };
            if (routine.MoveNext()) Routines.Add(new KeyValuePair<MonoBehaviour, Coroutine>(part, made));
            return made;
        }

        internal static void End(Coroutine routine) { Routines.RemoveAll(entry => entry.Value == routine); }
    }
}
