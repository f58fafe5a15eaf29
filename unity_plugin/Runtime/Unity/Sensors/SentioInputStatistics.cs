using System.Collections.Generic;
using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Sends statistics of how the game is operated, twice a second, as the modality <c>game</c>: rates of
    /// keys and buttons, path and jerk of mouse and stick, errors, pauses.</summary>
    /// <remarks>Never which key was pressed, and nothing that was typed. Nothing is sent without the person's consent
    /// for the sensor <c>input</c> (<see cref="SentioConsent"/>). Add it once, beside a <see cref="SentioSensors"/>;
    /// call <see cref="Error"/> when the player fails at something.</remarks>
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
        public void Key() { _counter.Key(); }

        /// <summary>Counts a button.</summary>
        public void Button() { _counter.Button(); }

        /// <summary>Counts a movement of mouse or finger, in screen heights.</summary>
        public void Pointer(float path) { _counter.Pointer(path); }

        /// <summary>Counts the movement of a stick to <paramref name="position"/>, -1..1 each.</summary>
        public void Stick(Vector2 position) { _counter.Stick(position.x, position.y); }

        /// <summary>Counts an error: the player failed at something.</summary>
        public void Error() { _counter.Error(); }

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
            if (now.rawType == EventType.MouseDown) Button();
            else if (now.rawType == EventType.KeyDown && now.keyCode != KeyCode.None && _held.Add((int)now.keyCode)) Key();
            else if (now.rawType == EventType.KeyUp) _held.Remove((int)now.keyCode);
        }

        private void OnApplicationFocus(bool focused) { if (!focused) _held.Clear(); }

        private void FollowPointer()
        {
            if (SentioInput.ReadsDevices)
            {
                if (SentioInput.PressedAny) Key();
                if (SentioInput.ClickedAny) Button();
            }
            Vector2 where = Where();
            if (_hasPointer) Pointer((where - _pointer).magnitude / Mathf.Max(1, Screen.height));
            _pointer = where;
            _hasPointer = true;
        }

        private static Vector2 Where()
        {
#if ENABLE_LEGACY_INPUT_MANAGER
            Vector3 where = Input.mousePosition;
            return new Vector2(where.x, where.y);
#else
            return SentioInput.Where;
#endif
        }
    }
}
