namespace Sentio.Behaviour
{
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
}
