#if ENABLE_INPUT_SYSTEM && !ENABLE_LEGACY_INPUT_MANAGER && SENTIO_INPUT_SYSTEM
#define SENTIO_READS_DEVICES
#endif
using System;
using UnityEngine;
#if SENTIO_READS_DEVICES
using System.Collections.Generic;
using UnityEngine.InputSystem;
#endif

namespace Sentio
{
    /// <summary>Keys and pointer for panels of Unity's immediate mode, which receives no input if Active Input
    /// Handling is 'Input System Package (New)': then the Input System's devices are read directly.</summary>
    /// <remarks>The Input System is not a dependency: the assembly definition defines SENTIO_INPUT_SYSTEM if it is
    /// installed. Otherwise immediate mode receives its own input, and these members report nothing.</remarks>
    public static class SentioInput
    {
#if SENTIO_READS_DEVICES
        private static readonly Dictionary<int, Key> Names = new Dictionary<int, Key>();
        private static bool _receivesEvents;

        /// <summary>Whether the Input System's devices are read instead of immediate mode's events. Ends with the
        /// first such event, so that no press counts twice.</summary>
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

        /// <summary>Position of mouse, pen or finger, pixels from the lower left.</summary>
        public static Vector2 PointerPosition { get { return Pointer.current != null ? Pointer.current.position.ReadValue() : Vector2.zero; } }

        /// <summary>Drag distance while down, or wheel movement, in pixels upwards since the last frame.</summary>
        public static float ScrollPixels
        {
            get
            {
                float wheel = Mouse.current != null ? Mouse.current.scroll.ReadValue().y : 0;
                return IsDown ? Pointer.current.delta.ReadValue().y : -wheel;
            }
        }

        /// <summary>Whether any key was pressed in this frame.</summary>
        internal static bool PressedAny { get { return Keyboard.current != null && Keyboard.current.anyKey.wasPressedThisFrame; } }

        /// <summary>Whether a mouse's button, a pen or a finger went down in this frame.</summary>
        internal static bool ClickedAny { get { return WentDown; } }

        private static bool WentDown { get { return Pointer.current != null && Pointer.current.press.wasPressedThisFrame; } }

        // Key names are equal except for these.
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
        /// <summary>Whether the Input System's devices are read instead of immediate mode's events.</summary>
        public static bool ReadsDevices { get { return false; } }

        /// <summary>Whether a key is held.</summary>
        public static bool Holds(KeyCode key) { return false; }

        /// <summary>Whether a key was pressed in this frame.</summary>
        public static bool Pressed(KeyCode key) { return false; }

        /// <summary>Whether a mouse's button, a pen or a finger is down.</summary>
        public static bool IsDown { get { return false; } }

        /// <summary>Position of mouse, pen or finger, pixels from the lower left.</summary>
        public static Vector2 PointerPosition { get { return Vector2.zero; } }

        /// <summary>Drag distance while down, or wheel movement, in pixels upwards since the last frame.</summary>
        public static float ScrollPixels { get { return 0; } }

        /// <summary>Whether any key was pressed in this frame.</summary>
        internal static bool PressedAny { get { return false; } }

        /// <summary>Whether a mouse's button, a pen or a finger went down in this frame.</summary>
        internal static bool ClickedAny { get { return false; } }

        private static bool WentDown { get { return false; } }
#endif

        /// <summary>The former name of <see cref="PointerPosition"/>; to be removed in the next version.</summary>
        [Obsolete("use PointerPosition")]
        public static Vector2 Where { get { return PointerPosition; } }

        /// <summary>The former name of <see cref="ScrollPixels"/>; to be removed in the next version.</summary>
        [Obsolete("use ScrollPixels")]
        public static float Drawn { get { return ScrollPixels; } }

        /// <summary>Whether the last control was clicked in this frame; call it in <c>OnGUI</c>, right after a
        /// button.</summary>
        public static bool ClickedLast
        {
            get { return ReadsDevices && WentDown && GUI.enabled && Event.current.type == EventType.Repaint && IsOver(GUILayoutUtility.GetLastRect()); }
        }

        /// <summary>Whether this event of immediate mode, or the Input System in this frame, presses a key.</summary>
        internal static bool IsPressed(KeyCode key, Event happened)
        {
            if (key == KeyCode.None) return false;
            if (ReadsDevices && happened.type == EventType.Repaint) return Pressed(key);
            return happened.type == EventType.KeyDown && happened.keyCode == key;
        }

        /// <summary>Whether the pointer is over an area of the current panel.</summary>
        internal static bool IsOver(Rect place)
        {
            Vector2 where = PointerPosition;
            return place.Contains(GUIUtility.ScreenToGUIPoint(new Vector2(where.x, Screen.height - where.y)));
        }
    }
}
