using System;

namespace Sentio.Behaviour
{
    /// <summary>The limit that was active.</summary>
    public enum Rail
    {
        /// <summary>None.</summary>
        None,

        /// <summary>The value was out of range.</summary>
        Clamp,

        /// <summary>The value changed too fast.</summary>
        Slew,

        /// <summary>Values are frozen.</summary>
        Frozen,

        /// <summary>A safe stop was requested.</summary>
        SafeStop,

        /// <summary>The session's time is over.</summary>
        SessionOver,

        /// <summary>The request was not finite.</summary>
        NotFinite,
    }

    /// <summary>Safety limits of one adapted value: range, speed, freeze, safe stop and end of session.</summary>
    internal sealed class RailLimiter
    {
        /// <summary>Least value.</summary>
        public double Low = 0.0;

        /// <summary>Largest value.</summary>
        public double High = 1.0;

        /// <summary>Largest rise per second.</summary>
        public double Rise = 1.0;

        /// <summary>Largest fall per second.</summary>
        public double Fall = 1.0;

        /// <summary>Target of a safe stop, and initial value.</summary>
        public double Safe = 0.0;

        /// <summary>Duration of a safe stop in seconds.</summary>
        public double StopSeconds = 2.0;

        /// <summary>Length of the session in seconds; 0 for no limit.</summary>
        public double Session = 0.0;

        /// <summary>Whether the value is frozen.</summary>
        public bool Frozen = false;

        /// <summary>Whether it was stopped permanently.</summary>
        public bool Stopped = false;

        /// <summary>Current output; NaN before the first step.</summary>
        public double Value { get; private set; } = double.NaN;

        /// <summary>The limit that was active in the last step.</summary>
        public Rail Rail { get; private set; }

        /// <summary>Age of this limiter in seconds.</summary>
        public double Age { get; private set; }

        private double _start = double.NaN;

        /// <summary>Returns the limited value of <paramref name="requested"/>.</summary>
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
