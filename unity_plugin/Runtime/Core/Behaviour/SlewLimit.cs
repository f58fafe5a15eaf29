namespace Sentio.Behaviour
{
    /// <summary>Limits the rate of change of a value.</summary>
    public sealed class SlewLimit
    {
        /// <summary>Largest rise per second.</summary>
        public double Rise;

        /// <summary>Largest fall per second.</summary>
        public double Fall;

        /// <summary>Current output; NaN before the first step.</summary>
        public double Value { get; private set; }

        /// <summary>With limits per second.</summary>
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
}
