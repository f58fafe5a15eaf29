namespace Sentio.Behaviour
{
    /// <summary>PID controller: drives a measured value to a target.</summary>
    /// <remarks>The derivative is taken of the measurement, so a new target gives no kick, and the integral stops
    /// at the output's limits (anti-windup; Astrom and Hagglund 2006).</remarks>
    internal sealed class Pid
    {
        /// <summary>Proportional gain.</summary>
        public double Kp = 1.0;

        /// <summary>Integral gain, a second.</summary>
        public double Ki = 0.0;

        /// <summary>Derivative gain, seconds.</summary>
        public double Kd = 0.0;

        /// <summary>Least output.</summary>
        public double Low = -1.0;

        /// <summary>Largest output.</summary>
        public double High = 1.0;

        /// <summary>Current output; NaN before the first step.</summary>
        public double Output { get; private set; } = double.NaN;

        private double _integral;
        private double _before = double.NaN;

        /// <summary>Takes measurement and target; if either is NaN or no time has passed, nothing changes.</summary>
        public double Step(double dt, double measured, double target)
        {
            double time = Elapsed.Of(dt);
            if (double.IsNaN(Output)) Output = Elapsed.Clamp(0, Low, High);
            if (!Elapsed.IsFinite(measured) || !Elapsed.IsFinite(target) || time == 0) return Output;
            double error = target - measured;
            double slope = double.IsNaN(_before) ? 0 : (measured - _before) / time;
            _before = measured;
            double summed = _integral + Ki * error * time;
            double raw = Kp * error + summed - Kd * slope;
            bool stuck = (raw > High && error * Ki > 0) || (raw < Low && error * Ki < 0);
            if (!stuck) _integral = summed;
            Output = Elapsed.Clamp(Kp * error + _integral - Kd * slope, Low, High);
            return Output;
        }
    }
}
