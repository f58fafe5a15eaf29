using System;

namespace Sentio.Behaviour
{
    /// <summary>Statistics of how a game is operated, one row each half second; never what is pressed.</summary>
    public sealed class InputCounter
    {
        /// <summary>Channels of a row, as PROTOCOL.md names them.</summary>
        public static readonly string[] Channels =
        {
            "keys", "buttons", "pointer_speed", "pointer_jerk", "stick_speed", "stick_jerk", "errors", "idle",
        };

        private readonly double[] _row = new double[Channels.Length];
        private double _elapsed, _idle, _keys, _buttons, _pointer, _stick, _errors;
        private double _pointerSpeed, _stickSpeed, _stickX, _stickY;

        /// <summary>Seconds of a row.</summary>
        public double Period = 0.5;

        /// <summary>The newest row, in the order of <see cref="Channels"/>; reused.</summary>
        public double[] Row { get { return _row; } }

        /// <summary>Lets time pass; returns whether a row has just been finished.</summary>
        public bool Step(double dt)
        {
            double passed = Elapsed.Of(dt);
            _elapsed += passed;
            _idle += passed;
            if (_elapsed < Period - 1e-9) return false;
            Finish();
            return true;
        }

        /// <summary>A key was pressed.</summary>
        public void CountKey()
        {
            _keys++;
            _idle = 0;
        }

        /// <summary>A button of mouse, pad or screen was pressed.</summary>
        public void CountButton()
        {
            _buttons++;
            _idle = 0;
        }

        /// <summary>Mouse or finger has moved by <paramref name="path"/> screen heights.</summary>
        public void CountPointer(double path)
        {
            if (!Elapsed.IsFinite(path) || path <= 0) return;
            _pointer += path;
            _idle = 0;
        }

        /// <summary>A stick is at <paramref name="x"/>, <paramref name="y"/>, each -1..1.</summary>
        public void CountStick(double x, double y)
        {
            x = Elapsed.IsFinite(x) ? Elapsed.Clamp(x, -1, 1) : 0;
            y = Elapsed.IsFinite(y) ? Elapsed.Clamp(y, -1, 1) : 0;
            double path = Math.Sqrt((x - _stickX) * (x - _stickX) + (y - _stickY) * (y - _stickY));
            _stickX = x;
            _stickY = y;
            if (path <= 0) return;
            _stick += path;
            _idle = 0;
        }

        /// <summary>The player failed at something that the game counts: a missed jump, a wrong answer.</summary>
        public void CountError() { _errors++; }

        private void Finish()
        {
            double pointer = _pointer / _elapsed, stick = _stick / _elapsed;
            _row[0] = _keys / _elapsed;
            _row[1] = _buttons / _elapsed;
            _row[2] = pointer;
            _row[3] = Math.Abs(pointer - _pointerSpeed) / _elapsed;
            _row[4] = stick;
            _row[5] = Math.Abs(stick - _stickSpeed) / _elapsed;
            _row[6] = _errors / _elapsed;
            _row[7] = _idle;
            _pointerSpeed = pointer;
            _stickSpeed = stick;
            _elapsed = _keys = _buttons = _pointer = _stick = _errors = 0;
        }
    }
}
