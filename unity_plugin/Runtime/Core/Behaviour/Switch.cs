namespace Sentio.Behaviour
{
    /// <summary>A switch with hysteresis and minimum dwell times.</summary>
    public sealed class Switch
    {
        /// <summary>Threshold for switching on.</summary>
        public double On = 0.6;

        /// <summary>Threshold for switching off.</summary>
        public double Off = 0.4;

        /// <summary>Minimum time on, seconds.</summary>
        public double Dwell;

        /// <summary>Minimum time off, seconds.</summary>
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
