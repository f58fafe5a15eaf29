#if ENABLE_INPUT_SYSTEM && SENTIO_INPUT_SYSTEM
#define SENTIO_INPUT_DEVICES
#endif
using System;
using UnityEngine;
#if SENTIO_INPUT_DEVICES
using UnityEngine.InputSystem;
#endif

namespace Sentio
{
    /// <summary>Directions and the submit button of whatever the player holds.</summary>
    internal interface IPad
    {
        /// <summary>Where arrow keys, direction pad or stick point: right and up are positive.</summary>
        Vector2 Direction { get; }

        /// <summary>Whether the submit button or key was pressed in this frame.</summary>
        bool Submits { get; }
    }

    /// <summary>Keyboard and gamepad: of the Input System if the project has it, else of the Input Manager.</summary>
    internal sealed class Pad : IPad
    {
#if SENTIO_INPUT_DEVICES
        private static readonly Key[] SubmitKeys = { Key.Enter, Key.NumpadEnter, Key.Space };

        public Vector2 Direction
        {
            get
            {
                Vector2 all = Vector2.zero;
                if (Gamepad.current != null) all = Gamepad.current.dpad.ReadValue() + Gamepad.current.leftStick.ReadValue();
                if (Keyboard.current == null) return all;
                return all + new Vector2(Of(Key.RightArrow) - Of(Key.LeftArrow), Of(Key.UpArrow) - Of(Key.DownArrow));
            }
        }

        public bool Submits
        {
            get
            {
                if (Gamepad.current != null && Gamepad.current.buttonSouth.wasPressedThisFrame) return true;
                if (Keyboard.current == null) return false;
                return Array.Exists(SubmitKeys, key => Keyboard.current[key].wasPressedThisFrame);
            }
        }

        private static float Of(Key key) { return Keyboard.current[key].isPressed ? 1 : 0; }
#elif ENABLE_LEGACY_INPUT_MANAGER
        // A project may have deleted the default axes: then the keys alone are read.
        private bool _hasAxes = true;

        public Vector2 Direction
        {
            get
            {
                var keys = new Vector2(Of(KeyCode.RightArrow) - Of(KeyCode.LeftArrow), Of(KeyCode.UpArrow) - Of(KeyCode.DownArrow));
                if (!_hasAxes) return keys;
                try
                {
                    return keys + new Vector2(Input.GetAxisRaw("Horizontal"), Input.GetAxisRaw("Vertical"));
                }
                catch (ArgumentException)
                {
                    _hasAxes = false;
                    return keys;
                }
            }
        }

        public bool Submits
        {
            get
            {
                return Input.GetKeyDown(KeyCode.Return) || Input.GetKeyDown(KeyCode.KeypadEnter) || Input.GetKeyDown(KeyCode.Space)
                    || Input.GetKeyDown(KeyCode.JoystickButton0);
            }
        }

        private static float Of(KeyCode key) { return Input.GetKey(key) ? 1 : 0; }
#else
        public Vector2 Direction { get { return Vector2.zero; } }

        public bool Submits { get { return false; } }
#endif
    }
}
