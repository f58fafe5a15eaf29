// Stand-ins for the package com.unity.inputsystem; tests set what the devices say.
using System.Collections.Generic;

namespace UnityEngine.InputSystem
{
    using Controls;

    public enum Key
    {
        None, Space, Enter, Tab, LeftShift, A, D, E, F, H, Q, R, S, W, Digit1, Digit2, Digit3, Digit4, Digit5, Escape, LeftArrow, RightArrow, UpArrow, DownArrow, F1, F2, F3, F4, F5, F8, F9, PageUp, PageDown, NumpadEnter,
    }

    public class Keyboard
    {
        private readonly Dictionary<Key, KeyControl> _keys = new Dictionary<Key, KeyControl>();
        public static Keyboard current { get; set; }
        public ButtonControl anyKey { get; private set; }
        public Keyboard() { anyKey = new ButtonControl(); }

        public KeyControl this[Key key]
        {
            get
            {
                if (!_keys.ContainsKey(key)) _keys[key] = new KeyControl();
                return _keys[key];
            }
        }
    }

    public class Pointer
    {
        public static Pointer current { get; set; }
        public Vector2Control position { get; private set; }
        public Vector2Control delta { get; private set; }
        public ButtonControl press { get; private set; }

        public Pointer()
        {
            position = new Vector2Control();
            delta = new Vector2Control();
            press = new ButtonControl();
        }
    }

    public class Gamepad
    {
        public static Gamepad current { get; set; }
        public DpadControl dpad { get; private set; }
        public StickControl leftStick { get; private set; }
        public ButtonControl buttonSouth { get; private set; }

        public Gamepad()
        {
            dpad = new DpadControl();
            leftStick = new StickControl();
            buttonSouth = new ButtonControl();
        }
    }

    public class Mouse : Pointer
    {
        public static new Mouse current { get; set; }
        public Vector2Control scroll { get; private set; }
        public Mouse() { scroll = new Vector2Control(); }
    }
}

namespace UnityEngine.InputSystem.Controls
{
    public class ButtonControl
    {
        /// <summary>For tests: presses, holds and lets go.</summary>
        public bool Down, JustNow;
        public bool isPressed { get { return Down; } }
        public bool wasPressedThisFrame { get { return JustNow; } }
    }

    public class KeyControl : ButtonControl { }

    public class DpadControl : Vector2Control { }

    public class StickControl : Vector2Control { }

    public class Vector2Control
    {
        /// <summary>For tests: what it says.</summary>
        public Vector2 Value;
        public Vector2 ReadValue() { return Value; }
    }
}
