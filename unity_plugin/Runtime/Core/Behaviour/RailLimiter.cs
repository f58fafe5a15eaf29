using System;

namespace Sentio.Behaviour
{
    /// <summary>What held a value back.</summary>
    public enum Rail
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Its limits.</summary>
        Clamp,

        /// <summary>Its speed.</summary>
        Slew,

        /// <summary>Adaptation stands still.</summary>
        Frozen,

        /// <summary>Adaptation was stopped.</summary>
        SafeStop,

        /// <summary>The session's time is over.</summary>
        SessionOver,

        /// <summary>It was no number.</summary>
        NotFinite,
    }

    /// <summary>The last word on one adapted value: limits, speed, freeze, safe stop and the session's end.</summary>
    internal sealed class RailLimiter
    {
        /// <summary>Least value.</summary>
        public double Low = 0.0;

        /// <summary>Largest value.</summary>
        public double High = 1.0;

        /// <summary>Most that it rises in a second.</summary>
        public double Rise = 1.0;

        /// <summary>Most that it falls in a second.</summary>
        public double Fall = 1.0;

        /// <summary>Where a safe stop leads, and where the value begins.</summary>
        public double Safe = 0.0;

        /// <summary>Seconds that a safe stop takes from wherever the value is.</summary>
        public double StopSeconds = 2.0;

        /// <summary>Seconds after which adaptation ends; 0 for no end.</summary>
        public double Session = 0.0;

        /// <summary>Whether the value stands still.</summary>
        public bool Frozen = false;

        /// <summary>Whether it was stopped, for good.</summary>
        public bool Stopped = false;

        /// <summary>What is given now; NaN before the first step.</summary>
        public double Value { get; private set; } = double.NaN;

        /// <summary>Which rail held the value in the last step.</summary>
        public Rail Rail { get; private set; }

        /// <summary>Seconds that this limiter has run.</summary>
        public double Age { get; private set; }

        private double _start = double.NaN;

        /// <summary>Gives what may be used of <paramref name="requested"/>.</summary>
        public double Step(double dt, double requested)
        {
            double time = Elapsed.Of(dt);
            Age += time;
            if (double.IsNaN(Value)) Value = Safe;
            if (Stopped || (Session > 0 && Age >= Session)) Stop(time);
            else if (Frozen) Rail = Rail.Frozen;
            else if (!Elapsed.IsFinite(requested)) Rail = Rail.NotFinite;
            else Limit(time, requested);
            return Value;
        }

        private void Limit(double time, double requested)
        {
            Rail = Rail.None;
            double wanted = Elapsed.Clamp(requested, Low, High);
            if (wanted != requested) Rail = Rail.Clamp;
            double given = time > 0 ? Elapsed.Clamp(wanted, Value - Fall * time, Value + Rise * time) : Value;
            if (given != wanted) Rail = Rail.Slew;
            Value = given;
        }

        private void Stop(double time)
        {
            Rail = Stopped ? Rail.SafeStop : Rail.SessionOver;
            if (double.IsNaN(_start)) _start = Math.Abs(Value - Safe);
            double most = StopSeconds <= 0 ? double.PositiveInfinity : _start * time / StopSeconds;
            Value += Elapsed.Clamp(Safe - Value, -most, most);
        }
    }
}
