using System;
using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Sends statistics of how the game is operated, twice a second, as the modality <c>game</c>: rates of
    /// keys and buttons, path and jerk of mouse and stick, errors, pauses.</summary>
    /// <remarks>Never which key was pressed, and nothing that was typed. Nothing is sent without the person's consent
    /// for the sensor <c>input</c> (<see cref="SentioConsent"/>). Add it once, beside a <see cref="SentioSensors"/>;
    /// call <see cref="CountError"/> when the player fails at something.</remarks>
    [AddComponentMenu("Sentio/Sentio Input Statistics"), RequireComponent(typeof(SentioSensors))]
    public sealed class SentioInputStatistics : MonoBehaviour, ISentioSensor
    {
        private const int MostRows = 16;

        [SerializeField, Tooltip("Whether keys, buttons and the pointer are counted; if not, call the methods.")]
        private bool automatic = true;

        [SerializeField, Tooltip("Whether it counts and sends; switch it off in menus and cutscenes.")]
        private bool adapt = true;

        private readonly InputCounter _counter = new InputCounter();
        private readonly Queue<float[]> _rows = new Queue<float[]>();
        private readonly HashSet<int> _held = new HashSet<int>();
        private readonly SensorAbout _about = new SensorAbout("input", "input", 2f, InputCounter.Channels);
        private Vector2 _pointer;
        private bool _hasPointer;

        /// <summary>Whether keys, buttons and the pointer are counted; if not, call the methods.</summary>
        public bool Automatic { get { return automatic; } set { automatic = value; } }

        /// <summary>Whether it counts and sends.</summary>
        public bool Adapt { get { return adapt; } set { adapt = value; } }

        /// <inheritdoc/>
        public SensorAbout About { get { return _about; } }

        /// <summary>Counts a key.</summary>
        public void CountKey() { _counter.CountKey(); }

        /// <summary>Counts a button.</summary>
        public void CountButton() { _counter.CountButton(); }

        /// <summary>Counts a movement of mouse or finger, in screen heights.</summary>
        public void CountPointer(float path) { _counter.CountPointer(path); }

        /// <summary>Counts the movement of a stick to <paramref name="position"/>, -1..1 each.</summary>
        public void CountStick(Vector2 position) { _counter.CountStick(position.x, position.y); }

        /// <summary>Counts an error: the player failed at something.</summary>
        public void CountError() { _counter.CountError(); }

        /// <summary>The former name of <see cref="CountKey"/>; to be removed in the next version.</summary>
        [Obsolete("use CountKey")]
        public void Key() { CountKey(); }

        /// <summary>The former name of <see cref="CountButton"/>; to be removed in the next version.</summary>
        [Obsolete("use CountButton")]
        public void Button() { CountButton(); }

        /// <summary>The former name of <see cref="CountPointer"/>; to be removed in the next version.</summary>
        [Obsolete("use CountPointer")]
        public void Pointer(float path) { CountPointer(path); }

        /// <summary>The former name of <see cref="CountStick"/>; to be removed in the next version.</summary>
        [Obsolete("use CountStick")]
        public void Stick(Vector2 position) { CountStick(position); }

        /// <summary>The former name of <see cref="CountError"/>; to be removed in the next version.</summary>
        [Obsolete("use CountError")]
        public void Error() { CountError(); }

        /// <summary>Lets <paramref name="dt"/> seconds pass; for tests and games that step their own time.</summary>
        public void Advance(float dt)
        {
            if (!adapt || !_counter.Step(dt)) return;
            if (_rows.Count == MostRows) _rows.Dequeue();
            var row = new float[InputCounter.Channels.Length];
            for (int i = 0; i < row.Length; i++) row[i] = (float)_counter.Row[i];
            _rows.Enqueue(row);
        }

        /// <inheritdoc/>
        public int Read(float[] rows)
        {
            int width = InputCounter.Channels.Length, taken = 0;
            while (_rows.Count > 0 && (taken + 1) * width <= rows.Length)
                _rows.Dequeue().CopyTo(rows, taken++ * width);
            return taken;
        }

        private void Update()
        {
            if (automatic && adapt) FollowPointer();
            Advance(Time.unscaledDeltaTime);
        }

        // Immediate mode reports presses under every input handling that it receives input from.
        private void OnGUI()
        {
            Event now = Event.current;
            if (!automatic || !adapt || now == null) return;
            if (now.rawType == EventType.MouseDown) CountButton();
            else if (now.rawType == EventType.KeyDown && now.keyCode != KeyCode.None && _held.Add((int)now.keyCode)) CountKey();
            else if (now.rawType == EventType.KeyUp) _held.Remove((int)now.keyCode);
        }

        private void OnApplicationFocus(bool focused) { if (!focused) _held.Clear(); }

        private void FollowPointer()
        {
            if (SentioInput.ReadsDevices)
            {
                if (SentioInput.PressedAny) CountKey();
                if (SentioInput.ClickedAny) CountButton();
            }
            Vector2 where = Where();
            if (_hasPointer) CountPointer((where - _pointer).magnitude / Mathf.Max(1, Screen.height));
            _pointer = where;
            _hasPointer = true;
        }

        private static Vector2 Where()
        {
#if ENABLE_LEGACY_INPUT_MANAGER
            Vector3 where = Input.mousePosition;
            return new Vector2(where.x, where.y);
#else
            return SentioInput.PointerPosition;
#endif
        }
    }
}
