namespace Sentio.Behaviour
{
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
