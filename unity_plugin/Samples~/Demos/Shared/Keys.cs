using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Held keys and mouse position, from immediate-mode events or, if it is the only input, from the
    /// Input System.</summary>
    public sealed class Keys
    {
        private readonly HashSet<KeyCode> _held = new HashSet<KeyCode>();

        /// <summary>The mouse, pixels from the lower left.</summary>
        public Vector2 Mouse { get; private set; }

        /// <summary>Whether the mouse is pressed.</summary>
        public bool Fires { get; private set; }

        /// <summary>Whether any key was pressed yet.</summary>
        public bool AnyYet { get; private set; }

        /// <summary>Processes an event of <c>OnGUI</c>.</summary>
        public void Process(Event happened)
        {
            if (happened.type == EventType.KeyDown) _held.Add(happened.keyCode);
            if (happened.type == EventType.KeyUp) _held.Remove(happened.keyCode);
            if (happened.type == EventType.MouseDown) Fires = true;
            if (happened.type == EventType.MouseUp) Fires = false;
            AnyYet |= _held.Count > 0 || Fires;
            Mouse = new Vector2(happened.mousePosition.x, Screen.height - happened.mousePosition.y);
        }

        /// <summary>Reads the devices in a frame, if immediate mode receives no input; calls <paramref name="pressed"/>
        /// for each pressed key.</summary>
        public void Read(IEnumerable<KeyCode> keys, Action<KeyCode> pressed)
        {
            foreach (KeyCode key in keys)
            {
                if (SentioInput.Holds(key)) _held.Add(key);
                else _held.Remove(key);
                if (SentioInput.Pressed(key)) pressed(key);
            }
            Fires = SentioInput.IsDown;
            AnyYet |= _held.Count > 0 || Fires;
            Mouse = SentioInput.PointerPosition;
        }

        /// <summary>Whether one of two keys is held.</summary>
        public bool Holds(KeyCode one, KeyCode other) { return _held.Contains(one) || _held.Contains(other); }

        /// <summary>Direction of WASD or the arrows on the ground, length 1 at most.</summary>
        public Vector3 Way
        {
            get
            {
                float x = (Holds(KeyCode.D, KeyCode.RightArrow) ? 1 : 0) - (Holds(KeyCode.A, KeyCode.LeftArrow) ? 1 : 0);
                float z = (Holds(KeyCode.W, KeyCode.UpArrow) ? 1 : 0) - (Holds(KeyCode.S, KeyCode.DownArrow) ? 1 : 0);
                var way = new Vector3(x, 0, z);
                return way.sqrMagnitude > 1 ? way.normalized : way;
            }
        }
    }
}
