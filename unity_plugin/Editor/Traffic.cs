using System;

namespace Sentio.EditorTools
{
    /// <summary>Message rate over the last seconds.</summary>
    public sealed class Traffic
    {
        /// <summary>Length of the window in seconds.</summary>
        public const int Seconds = 5;

        private readonly long[] _second = new long[Seconds + 1];
        private readonly int[] _count = new int[Seconds + 1];

        /// <summary>Total number of messages.</summary>
        public long Total { get; private set; }

        /// <summary>Counts a message at <paramref name="now"/>, seconds of a monotonic clock.</summary>
        public void Add(double now)
        {
            long second = (long)Math.Floor(now);
            int at = (int)(second % _second.Length);
            if (_second[at] != second) _count[at] = 0;
            _second[at] = second;
            _count[at]++;
            Total++;
        }

        /// <summary>Messages per second over the last whole seconds.</summary>
        public double Rate(double now)
        {
            long current = (long)Math.Floor(now);
            int sum = 0;
            for (int i = 0; i < _second.Length; i++)
                if (_second[i] < current && _second[i] >= current - Seconds) sum += _count[i];
            return (double)sum / Seconds;
        }
    }

    /// <summary>Values of the last half minute, in equal steps.</summary>
    public sealed class Course
    {
        /// <summary>Number of steps.</summary>
        public const int Steps = 300;

        /// <summary>Length of a step in seconds.</summary>
        public const double Step = 0.1;

        private readonly float[] _values = new float[Steps];
        private double _due = double.NegativeInfinity;
        private int _next;

        /// <summary>With all values unknown.</summary>
        public Course() { for (int i = 0; i < Steps; i++) _values[i] = float.NaN; }

        /// <summary>The value a number of steps ago; NaN if unknown.</summary>
        public float Ago(int steps) { return _values[(_next - 1 - steps + 2 * Steps) % Steps]; }

        /// <summary>Adds a value at <paramref name="now"/>; skipped steps are unknown.</summary>
        public void Note(double now, float value)
        {
            if (now < _due) return;
            int missed = double.IsInfinity(_due) ? 0 : (int)Math.Min(Steps, (now - _due) / Step);
            for (int i = 0; i < missed; i++) Put(float.NaN);
            Put(value);
            _due = Math.Max(now, _due + (missed + 1) * Step);
            if (double.IsInfinity(_due) || _due < now) _due = now + Step;
        }

        private void Put(float value)
        {
            _values[_next] = value;
            _next = (_next + 1) % Steps;
        }
    }
}
