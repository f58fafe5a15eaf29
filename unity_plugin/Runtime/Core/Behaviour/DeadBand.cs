namespace Sentio.Behaviour
{
    /// <summary>Ignores small changes: the output follows at a distance of <see cref="Width"/>.</summary>
    public sealed class DeadBand
    {
        /// <summary>Half the width of the band.</summary>
        public double Width;

        /// <summary>Current output; NaN before the first step.</summary>
        public double Held { get; private set; }

        /// <summary>With half the width of the band.</summary>
        public DeadBand(double width) { Width = width; Held = double.NaN; }

        /// <summary>Takes <paramref name="x"/>; a value that is not finite changes nothing.</summary>
        public double Step(double x)
        {
            if (!Elapsed.IsFinite(x)) return Held;
            Held = double.IsNaN(Held) ? x : Elapsed.Clamp(Held, x - Width, x + Width);
            return Held;
        }
    }
}
