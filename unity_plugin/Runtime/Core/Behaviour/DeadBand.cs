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
}
