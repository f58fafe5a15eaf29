namespace Sentio.Behaviour
{
    /// <summary>Ignores small movements: the output follows at a distance of <see cref="Width"/>.</summary>
    public sealed class DeadBand
    {
        /// <summary>Half of the play.</summary>
        public double Width;

        /// <summary>What is given now; NaN before the first.</summary>
        public double Held { get; private set; }

        /// <summary>With a play of twice <paramref name="width"/>.</summary>
        public DeadBand(double width) { Width = width; Held = double.NaN; }

        /// <summary>Takes <paramref name="x"/>; NaN changes nothing.</summary>
        public double Step(double x)
        {
            if (!Elapsed.IsFinite(x)) return Held;
            Held = double.IsNaN(Held) ? x : Elapsed.Clamp(Held, x - Width, x + Width);
            return Held;
        }
    }

    /// <summary>Follows a value with a time constant, exactly at any frame rate.</summary>
    public sealed class Smoothing
    {
        /// <summary>Seconds after which 63 % of a step is gone; 0 follows at once.</summary>
        public double Seconds;

        /// <summary>What is given now; NaN before the first.</summary>
        public double Value { get; private set; }

        /// <summary>With a time constant.</summary>
        public Smoothing(double seconds) { Seconds = seconds; Value = double.NaN; }

        /// <summary>Takes <paramref name="x"/> after <paramref name="dt"/> seconds; NaN holds.</summary>
        public double Step(double dt, double x)
        {
            if (!Elapsed.IsFinite(x)) return Value;
            if (double.IsNaN(Value)) Value = x;
            else Value += (x - Value) * Elapsed.Share(dt, Seconds);
            return Value;
        }
    }

    /// <summary>Lets a value change only so fast.</summary>
    public sealed class SlewLimit
    {
        /// <summary>Most that it rises in a second.</summary>
        public double Rise;

        /// <summary>Most that it falls in a second.</summary>
        public double Fall;

        /// <summary>What is given now; NaN before the first.</summary>
        public double Value { get; private set; }

        /// <summary>With limits a second.</summary>
        public SlewLimit(double rise, double fall) { Rise = rise; Fall = fall; Value = double.NaN; }

        /// <summary>Takes <paramref name="x"/> after <paramref name="dt"/> seconds; NaN holds.</summary>
        public double Step(double dt, double x)
        {
            double time = Elapsed.Of(dt);
            if (!Elapsed.IsFinite(x)) return Value;
            if (double.IsNaN(Value)) Value = x;
            else if (time > 0) Value = Elapsed.Clamp(x, Value - Fall * time, Value + Rise * time);
            return Value;
        }
    }

    /// <summary>A yes or no with two thresholds, so that it does not flutter.</summary>
    public sealed class Switch
    {
        /// <summary>Value from which it is on.</summary>
        public double On = 0.6;

        /// <summary>Value to which it stays on.</summary>
        public double Off = 0.4;

        /// <summary>Least seconds that it stays on.</summary>
        public double Dwell;

        /// <summary>Least seconds that it stays off.</summary>
        public double CoolDown;

        /// <summary>Whether it is on.</summary>
        public bool Active { get; private set; }

        private double _since = double.PositiveInfinity;

        /// <summary>Takes <paramref name="x"/> after <paramref name="dt"/> seconds; NaN changes nothing.</summary>
        public bool Step(double dt, double x)
        {
            _since += Elapsed.Of(dt);
            if (!Elapsed.IsFinite(x)) return Active;
            if (Active && x <= Off && _since >= Dwell) Turn(false);
            else if (!Active && x >= On && _since >= CoolDown) Turn(true);
            return Active;
        }

        private void Turn(bool on)
        {
            Active = on;
            _since = 0;
        }
    }
}
