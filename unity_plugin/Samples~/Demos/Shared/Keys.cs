using System;
using System.Collections.Generic;
using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Which keys are held and where the mouse is, by the events of immediate mode, or by the Input System
    /// where it is all there is.</summary>
    public sealed class Keys
    {
        private readonly HashSet<KeyCode> _held = new HashSet<KeyCode>();

        /// <summary>The mouse, pixels from the lower left.</summary>
        public Vector2 Mouse { get; private set; }

        /// <summary>Whether the mouse is pressed.</summary>
        public bool Fires { get; private set; }

        /// <summary>Whether anybody has pressed anything yet.</summary>
        public bool AnyYet { get; private set; }

        /// <summary>Notes an event of <c>OnGUI</c>.</summary>
        public void Hear(Event happened)
        {
            if (happened.type == EventType.KeyDown) _held.Add(happened.keyCode);
            if (happened.type == EventType.KeyUp) _held.Remove(happened.keyCode);
            if (happened.type == EventType.MouseDown) Fires = true;
            if (happened.type == EventType.MouseUp) Fires = false;
            AnyYet |= _held.Count > 0 || Fires;
            Mouse = new Vector2(happened.mousePosition.x, Screen.height - happened.mousePosition.y);
        }

        /// <summary>Reads the devices of a frame, where immediate mode hears nothing; tells <paramref name="pressed"/>
        /// of each of the keys that went down.</summary>
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
            Mouse = SentioInput.Where;
        }

        /// <summary>Whether one of two keys is held.</summary>
        public bool Holds(KeyCode one, KeyCode other) { return _held.Contains(one) || _held.Contains(other); }

        /// <summary>Where WASD or the arrows point on the ground, at most 1 long.</summary>
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
