#if ENABLE_INPUT_SYSTEM && !ENABLE_LEGACY_INPUT_MANAGER && SENTIO_INPUT_SYSTEM
#define SENTIO_READS_DEVICES
#endif
using UnityEngine;
#if SENTIO_READS_DEVICES
using System;
using System.Collections.Generic;
using UnityEngine.InputSystem;
#endif

namespace Sentio
{
    /// <summary>Keys and pointer for panels of Unity's immediate mode, which hears nothing where Active Input Handling
    /// is 'Input System Package (New)' alone: there, the Input System's devices are read in its stead.</summary>
    /// <remarks>The Input System is no dependency: the assembly definition defines SENTIO_INPUT_SYSTEM where it is
    /// installed. Everywhere else immediate mode hears for itself, and nothing is ever held or clicked here.</remarks>
    public static class SentioInput
    {
#if SENTIO_READS_DEVICES
        private static readonly Dictionary<int, Key> Names = new Dictionary<int, Key>();
        private static bool _receivesEvents;

        /// <summary>Whether the Input System's devices are read in the stead of immediate mode's events: until one of
        /// those comes after all, so that nothing is ever pressed twice.</summary>
        public static bool ReadsDevices
        {
            get
            {
                Event now = Event.current;
                if (now != null) _receivesEvents |= now.rawType == EventType.KeyDown || now.rawType == EventType.MouseDown;
                return !_receivesEvents;
            }
        }

        /// <summary>Whether a key is held.</summary>
        public static bool Holds(KeyCode key)
        {
            Key named = Named(key);
            return Keyboard.current != null && named != Key.None && Keyboard.current[named].isPressed;
        }

        /// <summary>Whether a key was pressed in this frame.</summary>
        public static bool Pressed(KeyCode key)
        {
            Key named = Named(key);
            return Keyboard.current != null && named != Key.None && Keyboard.current[named].wasPressedThisFrame;
        }

        /// <summary>Whether a mouse's button, a pen or a finger is down.</summary>
        public static bool IsDown { get { return Pointer.current != null && Pointer.current.press.isPressed; } }

        /// <summary>Where mouse, pen or finger is, pixels from the lower left.</summary>
        public static Vector2 Where { get { return Pointer.current != null ? Pointer.current.position.ReadValue() : Vector2.zero; } }

        /// <summary>How far it was drawn while down, or the wheel turned, in pixels upwards since the last
        /// frame.</summary>
        public static float Drawn
        {
            get
            {
                float wheel = Mouse.current != null ? Mouse.current.scroll.ReadValue().y : 0;
                return IsDown ? Pointer.current.delta.ReadValue().y : -wheel;
            }
        }

        private static bool WentDown { get { return Pointer.current != null && Pointer.current.press.wasPressedThisFrame; } }

        // The names are the same but for these.
        private static Key Named(KeyCode key)
        {
            Key named;
            if (!Names.TryGetValue((int)key, out named)) Names[(int)key] = named = Translated(key);
            return named;
        }

        private static Key Translated(KeyCode key)
        {
            string name = key.ToString().Replace("Alpha", "Digit").Replace("Keypad", "Numpad").Replace("Control", "Ctrl");
            Key named;
            return Enum.TryParse(name == "Return" ? "Enter" : name, out named) ? named : Key.None;
        }
#else
        /// <summary>Whether the Input System's devices are read in the stead of immediate mode's events.</summary>
        public static bool ReadsDevices { get { return false; } }

        /// <summary>Whether a key is held.</summary>
        public static bool Holds(KeyCode key) { return false; }

        /// <summary>Whether a key was pressed in this frame.</summary>
        public static bool Pressed(KeyCode key) { return false; }

        /// <summary>Whether a mouse's button, a pen or a finger is down.</summary>
        public static bool IsDown { get { return false; } }

        /// <summary>Where mouse, pen or finger is, pixels from the lower left.</summary>
        public static Vector2 Where { get { return Vector2.zero; } }

        /// <summary>How far it was drawn while down, or the wheel turned, in pixels upwards since the last
        /// frame.</summary>
        public static float Drawn { get { return 0; } }

        private static bool WentDown { get { return false; } }
#endif

        /// <summary>Whether the control that was laid out last was clicked in this frame: ask it in <c>OnGUI</c>, right
        /// after a button.</summary>
        public static bool ClickedLast
        {
            get { return ReadsDevices && WentDown && GUI.enabled && Event.current.type == EventType.Repaint && IsOver(GUILayoutUtility.GetLastRect()); }
        }

        /// <summary>Whether the pointer is over a place of the panel that is drawn.</summary>
        internal static bool IsOver(Rect place)
        {
            Vector2 where = Where;
            return place.Contains(GUIUtility.ScreenToGUIPoint(new Vector2(where.x, Screen.height - where.y)));
        }
    }
}
