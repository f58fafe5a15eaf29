namespace Sentio.Behaviour
{
    /// <summary>Selects what is looked at for long enough, once each time.</summary>
    public sealed class GazeDwell
    {
        /// <summary>The target of a gaze that is on nothing.</summary>
        public const int Nothing = -1;

        private int _target = Nothing;
        private double _time;
        private bool _selected;

        /// <summary>Seconds of gaze that select; 0 switches selecting off.</summary>
        public double Seconds { get; set; } = 1.3;

        /// <summary>How far the gaze has selected its target, 0..1.</summary>
        public float Progress { get { return Seconds > 0 ? (float)Elapsed.Clamp(_time / Seconds, 0, 1) : 0f; } }

        /// <summary>Advances by <paramref name="dt"/> seconds with the gaze on <paramref name="target"/>; true in the
        /// step that selects it. It selects again only after the gaze was elsewhere.</summary>
        public bool Step(int target, double dt)
        {
            if (target != _target || Seconds <= 0)
            {
                _target = target;
                _time = 0;
                _selected = false;
            }
            if (target == Nothing || Seconds <= 0) return false;
            _time += Elapsed.Of(dt);
            if (_selected || _time < Seconds) return false;
            _selected = true;
            return true;
        }
    }
}
