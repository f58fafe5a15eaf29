using Sentio.Behaviour;
using UnityEngine;

namespace Sentio
{
    /// <summary>Finds a component's feed if none is set: a parent's, else any in the scenes.</summary>
    internal sealed class FeedFinder<T> where T : SentioFeed
    {
        /// <summary>Seconds between two searches, to limit their cost in a game without a feed.</summary>
        private const double SearchSeconds = 0.5;

        private T _found;
        private double _waited = double.PositiveInfinity;

        internal T Of(T given, Component part, double dt)
        {
            if (given) return given;
            if (_found) return _found;
            _waited += Elapsed.Of(dt);
            if (_waited < SearchSeconds) return null;
            _waited = 0;
            _found = part.GetComponentInParent<T>();
            if (!_found) _found = Object.FindAnyObjectByType<T>();
            return _found;
        }
    }
}
